package renderer

import (
	"fmt"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"coderaws/internal/sandbox/chart"
)

const (
	// maxStack is what calls of templates may take, in bytes. Go ends templates of its own accord at 100,000 calls within each other, in
	// words that name the template, and these fit.
	maxStack = 256 << 20
	// glance is how often the process looks at its memory: in that time it takes some ten MiB.
	glance = 10 * time.Millisecond
)

// Serve renders what is asked for on in, and answers on out, until in ends: so that it outlives nobody who asks. When it returns, a chart
// may still be at work in this process, which has to end then.
func Serve(in io.Reader, out io.Writer) error {
	limitData(2 * maxMemory)
	debug.SetMaxStack(maxStack)
	talk := newStream(in, out)
	requests, ended := make(chan *request), make(chan error, 1)
	go func() {
		for {
			asked := &request{}
			if err := talk.Decode(asked); err != nil {
				ended <- err
				return
			}
			requests <- asked
		}
	}()
	for {
		select {
		case err := <-ended:
			return unlessEOF(err)
		case asked := <-requests:
			got, err := within(asked, ended)
			if err != nil {
				return unlessEOF(err)
			}
			if err := talk.Encode(got); err != nil || got.Last {
				return err
			}
		}
	}
}

func unlessEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// within does what is asked for, and gives up when that takes too much memory or nobody waits for it any more.
func within(asked *request, ended <-chan error) (*answer, error) {
	done := make(chan *answer, 1)
	go func() { done <- asked.do() }()
	look := time.NewTicker(glance)
	defer look.Stop()
	for {
		select {
		case got := <-done:
			return got, nil
		case err := <-ended:
			return nil, err
		case <-look.C:
			if inUse() > maxMemory {
				return &answer{Failure: failureOf(tooMuchMemory()), Last: true}, nil
			}
		}
	}
}

// inUse is the memory that the process has from the system, in bytes.
func inUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

func (r *request) do() *answer {
	values, err := readValues(r.Values)
	if err != nil {
		return &answer{Failure: failureOf(err)}
	}
	if r.Unread {
		return &answer{Unread: r.Chart.Unread(values)}
	}
	r.Release.Values = values
	rendered, err := r.Chart.Render(r.Release)
	if err != nil {
		return &answer{Failure: failureOf(err)}
	}
	if size(rendered) > maxOutput {
		return &answer{Failure: failureOf(&LimitError{fmt.Sprintf("it renders to more than %d MiB", maxOutput>>20)})}
	}
	return &answer{Rendered: rendered}
}

func size(r *chart.Rendered) int {
	sum := len(r.Notes)
	for _, d := range r.Documents {
		sum += len(d.Text)
	}
	return sum
}
