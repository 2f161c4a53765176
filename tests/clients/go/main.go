// Every RoomService call through server-sdk-go. Prints one JSON object with what was answered.
// Arguments: room, identity and track sid of somebody who is there, the name of a room to make,
// and the identity of somebody else who is there, to whom data are sent.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/twitchtv/twirp"
)

func must[T any](answer T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return answer
}

// code gives the code of the error that a call ended with, or "succeeded".
func code[T any](_ T, err error) string {
	if err == nil {
		return "succeeded"
	}
	var refusal twirp.Error
	if errors.As(err, &refusal) {
		return string(refusal.Code())
	}
	return err.Error()
}

func main() {
	room, identity, trackSid, newRoom, other := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	client := lksdk.NewRoomServiceClient(
		os.Getenv("LIVEKIT_URL"), os.Getenv("LIVEKIT_API_KEY"), os.Getenv("LIVEKIT_API_SECRET"))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	answers := map[string]any{}
	who := &livekit.RoomParticipantIdentity{Room: room, Identity: identity}
	gone := &livekit.DeleteRoomRequest{Room: newRoom}

	made := must(client.CreateRoom(ctx, &livekit.CreateRoomRequest{Name: newRoom, EmptyTimeout: 60, Metadata: "first"}))
	answers["created"] = map[string]any{
		"name": made.Name, "metadata": made.Metadata, "empty_timeout": made.EmptyTimeout}
	listed := []string{}
	for _, each := range must(client.ListRooms(ctx, &livekit.ListRoomsRequest{Names: []string{newRoom}})).Rooms {
		listed = append(listed, each.Name)
	}
	answers["listed"] = listed
	changed := must(client.UpdateRoomMetadata(ctx, &livekit.UpdateRoomMetadataRequest{Room: newRoom, Metadata: "second"}))
	answers["room_metadata"] = changed.Metadata
	must(client.DeleteRoom(ctx, gone))
	answers["deleted_again"] = code(client.DeleteRoom(ctx, gone))

	people := []string{}
	for _, each := range must(client.ListParticipants(ctx, &livekit.ListParticipantsRequest{Room: room})).Participants {
		people = append(people, each.Identity)
	}
	sort.Strings(people)
	answers["people"] = people
	answers["got"] = must(client.GetParticipant(ctx, who)).Identity
	track := must(client.MutePublishedTrack(ctx,
		&livekit.MuteRoomTrackRequest{Room: room, Identity: identity, TrackSid: trackSid, Muted: true})).Track
	answers["muted"] = map[string]any{"sid": track.Sid, "muted": track.Muted}
	updated := must(client.UpdateParticipant(ctx, &livekit.UpdateParticipantRequest{
		Room: room, Identity: identity, Name: "A", Metadata: "m", Attributes: map[string]string{"a": "1"},
		Permission: &livekit.ParticipantPermission{CanSubscribe: true, CanPublish: true},
	}))
	answers["updated"] = map[string]any{
		"name": updated.Name, "metadata": updated.Metadata, "attributes": updated.Attributes,
		"can_publish": updated.Permission.CanPublish, "can_publish_data": updated.Permission.CanPublishData}
	must(client.UpdateSubscriptions(ctx, &livekit.UpdateSubscriptionsRequest{
		Room: room, Identity: identity, TrackSids: []string{trackSid}}))
	topic := "chat"
	must(client.SendData(ctx, &livekit.SendDataRequest{
		Room: room, Data: []byte("hi"), Topic: &topic, DestinationIdentities: []string{other}}))
	answers["moved"] = code(client.MoveParticipant(ctx,
		&livekit.MoveParticipantRequest{Room: room, Identity: identity, DestinationRoom: newRoom}))
	answers["forwarded"] = code(client.ForwardParticipant(ctx,
		&livekit.ForwardParticipantRequest{Room: room, Identity: identity, DestinationRoom: newRoom}))
	must(client.RemoveParticipant(ctx, who))
	answers["removed_again"] = code(client.RemoveParticipant(ctx, who))
	must(0, json.NewEncoder(os.Stdout).Encode(answers))
}
