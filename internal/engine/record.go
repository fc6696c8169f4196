package engine

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"coderaws/internal/diagnostic"
)

// lookInterval is how often a file is looked at for more, or for being free.
const lookInterval = 20 * time.Millisecond

// connection connects a process's standard output with its reader.
type connection struct {
	writer io.Writer
	reader io.Reader
	// end says that nothing more will be written, and close gives back what is open.
	end   func()
	close func() error
}

// open connects the standard output of a process: by a pipe, or by the file that records it.
func (p process) open(ctx context.Context) (connection, error) {
	if p.record == "" {
		reader, writer := io.Pipe()
		return connection{writer, reader, func() { writer.Close() }, func() error { return nil }}, nil
	}
	to, err := openRecord(ctx, p.record)
	if err != nil {
		return connection{}, err
	}
	reserveRoom(to, recordRoom)
	from, err := os.Open(p.record)
	if err == nil {
		_, err = from.Seek(0, io.SeekEnd)
	}
	if err != nil {
		return connection{}, errors.Join(fileFinding(err, p.record), to.Close())
	}
	ended := make(chan struct{})
	return connection{
		to, &follower{from, ended}, func() { close(ended) },
		func() error { return errors.Join(from.Close(), to.Close()) },
	}, nil
}

// follower reads a file that grows, until its writer has ended.
type follower struct {
	file  *os.File
	ended <-chan struct{}
}

// Read waits for more where there is none yet.
func (f *follower) Read(b []byte) (int, error) {
	for {
		over := false
		select {
		case <-f.ended:
			over = true // before reading: what was written until then is there
		default:
		}
		n, err := f.file.Read(b)
		if n > 0 || !errors.Is(err, io.EOF) || over {
			return n, err
		}
		select {
		case <-f.ended:
		case <-time.After(lookInterval):
		}
	}
}

// recordRoom is enough for the events of a few hundred resources, in bytes.
const recordRoom = 1 << 20

// recordPatience bounds the wait for an engine that a former run has left behind: it finishes the calls that it has made.
const recordPatience = 10 * time.Minute

// openRecord opens a file to which engines append, once nobody else writes to it: an engine whose coderaws was killed is
// interrupted, and needs a moment to save its state.
func openRecord(ctx context.Context, name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fileFinding(err, name)
	}
	patience := time.NewTimer(recordPatience)
	defer patience.Stop()
	for {
		free, err := reserveWriting(file)
		switch {
		case err != nil:
			return nil, errors.Join(fileFinding(err, name), file.Close())
		case free:
			return file, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), file.Close())
		case <-time.After(lookInterval):
		case <-patience.C:
			d := diagnostic.Errorf("the engine of a run that has ended is still at work")
			d.Code, d.Where = "engine.busy", &diagnostic.Range{File: name}
			d.Why = "its coderaws was killed, and it has gone on since then"
			d.Todo = "find the process that has this file open (`fuser` names it) and interrupt it with `kill -INT`, then run the same command again"
			return nil, errors.Join(d, file.Close())
		}
	}
}

// wait ends when no engine of a former run writes to a file any more.
func wait(ctx context.Context, name string) error {
	if _, err := os.Stat(name); err != nil {
		return nil // nobody does
	}
	file, err := openRecord(ctx, name)
	if err != nil {
		return err
	}
	return file.Close()
}
