// Every RoomService call through livekit-server-sdk. Prints one JSON object with what was answered.
// Arguments: room, identity and track sid of somebody who is there, the name of a room to make,
// and the identity of somebody else who is there, to whom data are sent.
import { RoomServiceClient, DataPacket_Kind } from "livekit-server-sdk";

const [room, identity, trackSid, newRoom, other] = process.argv.slice(2);
const { LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = process.env;
const client = new RoomServiceClient(LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET);

/** The code of the error that a call ends with, or "succeeded". */
async function code(call) {
  try {
    await call;
    return "succeeded";
  } catch (error) {
    return error.code ?? String(error);
  }
}

const answers = {};
const made = await client.createRoom({ name: newRoom, emptyTimeout: 60, metadata: "first" });
answers.created = { name: made.name, metadata: made.metadata, empty_timeout: made.emptyTimeout };
answers.listed = (await client.listRooms([newRoom])).map((each) => each.name);
answers.room_metadata = (await client.updateRoomMetadata(newRoom, "second")).metadata;
await client.deleteRoom(newRoom);
answers.deleted_again = await code(client.deleteRoom(newRoom));

answers.people = (await client.listParticipants(room)).map((person) => person.identity).sort();
answers.got = (await client.getParticipant(room, identity)).identity;
const track = await client.mutePublishedTrack(room, identity, trackSid, true);
answers.muted = { sid: track.sid, muted: track.muted };
const updated = await client.updateParticipant(room, identity, {
  name: "A",
  metadata: "m",
  attributes: { a: "1" },
  permission: { canSubscribe: true, canPublish: true },
});
answers.updated = {
  name: updated.name,
  metadata: updated.metadata,
  attributes: updated.attributes,
  can_publish: updated.permission.canPublish,
  can_publish_data: updated.permission.canPublishData,
};
await client.updateSubscriptions(room, identity, [trackSid], false);
await client.sendData(room, new TextEncoder().encode("hi"), DataPacket_Kind.RELIABLE, {
  destinationIdentities: [other],
  topic: "chat",
});
answers.moved = await code(client.moveParticipant(room, identity, newRoom));
answers.forwarded = await code(client.forwardParticipant(room, identity, newRoom));
await client.removeParticipant(room, identity);
answers.removed_again = await code(client.removeParticipant(room, identity));
console.log(JSON.stringify(answers));
