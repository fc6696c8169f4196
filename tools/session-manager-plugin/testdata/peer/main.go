// Command peer is the other end of AWS's session-manager-plugin, for one test: it speaks the data channel of Session Manager over a web
// socket of the loopback interface, as the service and the agent of a node together do, and leads what comes through it to one address.
// It prints where it listens. What a session for forwarding ports takes is here, and nothing else; no frame is lost on loopback, so that
// none is sent twice. The form of frames, and what is in them, is that of github.com/aws/session-manager-plugin, package message.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/xtaci/smux"
)

// Offsets of a frame's fields, in bytes, and what its header has.
const (
	typeAt, typeLength = 4, 32
	schemaAt           = 36
	createdAt          = 40
	sequenceAt         = 48
	idAt, digestAt     = 64, 80
	payloadTypeAt      = 112
	lengthAt           = 116
	payloadAt          = 120
	// mostPayload is what an agent puts into one frame.
	mostPayload = 1024
)

// Types of frames, and of what they carry.
const (
	input, output, acknowledge = "input_stream_data", "output_stream_data", "acknowledge"

	data, handshakeRequest, handshakeResponse, handshakeComplete = 1, 5, 6, 7
)

// agent is a version that multiplexes connections (after 3.0.196) and sends no signs of life of its own for them (after 3.1.1511).
const agent = "3.3.2299.0"

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: peer ADDRESS")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r, os.Args[1]); err != nil {
			log.Print(err)
		}
	})))
}

// channel is one data channel. Written to, it is the way of the streams to the plugin.
type channel struct {
	socket   *websocket.Conn
	mu       sync.Mutex // guards writing to the socket, and sequence
	sequence int64
}

// serve carries one session.
func serve(w http.ResponseWriter, r *http.Request, target string) error {
	socket, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return err
	}
	defer socket.Close()
	if _, _, err := socket.ReadMessage(); err != nil { // the token, which nobody checks here
		return err
	}
	c := &channel{socket: socket}
	if err := c.greet(); err != nil {
		return err
	}
	streams, fed := io.Pipe()
	defer fed.Close()
	for expected := int64(0); ; {
		_, frame, err := socket.ReadMessage()
		if err != nil {
			return nil // the session has ended
		}
		if len(frame) < payloadAt || strings.TrimSpace(string(bytes.Trim(frame[typeAt:typeAt+typeLength], "\x00"))) != input {
			continue
		}
		sequence := int64(binary.BigEndian.Uint64(frame[sequenceAt:]))
		if err := c.sendJSON(acknowledge, 0, map[string]any{"AcknowledgedMessageType": input,
			"AcknowledgedMessageSequenceNumber": sequence, "IsSequentialMessage": true}); err != nil {
			return err
		}
		if sequence != expected {
			continue // it came before
		}
		expected++
		switch binary.BigEndian.Uint32(frame[payloadTypeAt:]) {
		case handshakeResponse:
			go c.carry(streams, target)
			if err := c.sendJSON(output, handshakeComplete, map[string]any{"HandshakeTimeToComplete": time.Millisecond}); err != nil {
				return err
			}
		case data:
			if _, err := fed.Write(frame[payloadAt:]); err != nil {
				return err
			}
		}
	}
}

// greet asks the plugin to forward a port.
func (c *channel) greet() error {
	return c.sendJSON(output, handshakeRequest, map[string]any{"AgentVersion": agent, "RequestedClientActions": []any{
		map[string]any{"ActionType": "SessionType", "ActionParameters": map[string]any{"SessionType": "Port",
			"Properties": map[string]any{"portNumber": "443", "type": "LocalPortForwarding"}}}}})
}

// carry leads each stream to the target.
func (c *channel) carry(streams io.ReadCloser, target string) {
	settings := smux.DefaultConfig()
	settings.KeepAliveDisabled = true
	session, err := smux.Server(struct {
		io.ReadCloser
		io.Writer
	}{streams, c}, settings)
	for err == nil {
		var stream *smux.Stream
		if stream, err = session.AcceptStream(); err == nil {
			go join(stream, target)
		}
	}
}

func join(stream *smux.Stream, target string) {
	defer stream.Close()
	far, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer far.Close()
	go func() {
		_, _ = io.Copy(far, stream)
		_ = far.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(stream, far)
}

// Write sends what a stream says, in frames.
func (c *channel) Write(text []byte) (int, error) {
	sent := 0
	for sent < len(text) {
		part := text[sent:min(len(text), sent+mostPayload)]
		if err := c.send(output, data, part); err != nil {
			return sent, err
		}
		sent += len(part)
	}
	return sent, nil
}

func (c *channel) sendJSON(kind string, payloadType uint32, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return c.send(kind, payloadType, text)
}

// send sends one frame.
func (c *channel) send(kind string, payloadType uint32, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	frame := make([]byte, payloadAt+len(payload))
	binary.BigEndian.PutUint32(frame, lengthAt)
	copy(frame[typeAt:], fmt.Sprintf("%-*s", typeLength, kind))
	binary.BigEndian.PutUint32(frame[schemaAt:], 1)
	binary.BigEndian.PutUint64(frame[createdAt:], uint64(time.Now().UnixMilli()))
	if kind == output {
		binary.BigEndian.PutUint64(frame[sequenceAt:], uint64(c.sequence))
		c.sequence++
	}
	_, _ = rand.Read(frame[idAt:digestAt]) // it never fails
	digest := sha256.Sum256(payload)
	copy(frame[digestAt:], digest[:])
	binary.BigEndian.PutUint32(frame[payloadTypeAt:], payloadType)
	binary.BigEndian.PutUint32(frame[lengthAt:], uint32(len(payload)))
	copy(frame[payloadAt:], payload)
	return c.socket.WriteMessage(websocket.BinaryMessage, frame)
}
