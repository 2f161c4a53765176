// The polite line for screen readers: at most one sentence a second, the newest wins.

const PAUSE = 1000;
const line = document.getElementById("say");
let waiting = "";
let timer = 0;

function speak() {
  timer = 0;
  if (!waiting || !line) return;
  line.textContent = waiting;
  waiting = "";
  timer = setTimeout(speak, PAUSE);
}

export function say(sentence) {
  waiting = sentence;
  if (!timer) speak();
}
