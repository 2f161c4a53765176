// The socket: it only comes down. It opens again by itself, sooner when the reader comes back to the tab, and says
// what it heard; what the frames mean is not its business.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 15_000;
const SIGN_IN = 4401;
const NO_PROJECT = 4404;

export class Socket {
  #socket = null;
  #wait = FIRST_WAIT;
  #timer = 0;

  constructor({ address, heard, lost, refused }) {
    this.address = address;
    this.heard = heard;
    this.lost = lost;
    this.refused = refused;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !this.open) this.connect();
    });
    addEventListener("online", () => this.connect());
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  // Opens a socket for the address as it is now and lets go of the one before.
  connect() {
    clearTimeout(this.#timer);
    this.#socket?.close();
    const socket = new WebSocket(this.address());
    this.#socket = socket;
    socket.addEventListener("message", (event) => {
      if (socket !== this.#socket) return;
      this.#wait = FIRST_WAIT;
      this.heard(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => {
      if (socket !== this.#socket) return;
      if (event.code === SIGN_IN || event.code === NO_PROJECT) {
        this.refused(event.code === SIGN_IN);
        return;
      }
      this.lost();
      this.#timer = setTimeout(() => this.connect(), this.#wait * (0.75 + Math.random() / 2));
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    });
  }
}
