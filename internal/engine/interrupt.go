package engine

import (
	"context"
	"os"
	"sync"
	"syscall"
)

// Interrupts turns signals into the two ways to stop a run. The first signal cancels the returned context: running engines
// stop in order, and no further one is started. The second closes kill: they are ended at once. A hangup counts as a first one alone: where
// a terminal goes away, the shell and the kernel both send it. notify, which may be nil, is
// told of both (1, then 2) so that it can say what happens. The caller subscribes signals (signal.Notify) and calls stop when
// done; stop cancels the context and waits until no notify runs.
func Interrupts(parent context.Context, signals <-chan os.Signal, notify func(count int)) (ctx context.Context,
	kill <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	killing := make(chan struct{})
	stopped := make(chan struct{})
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		for count := 1; count <= 2; count++ {
			select {
			case <-stopped:
				return
			case signal, open := <-signals:
				if !open {
					return
				}
				if count == 2 && signal == syscall.SIGHUP {
					count--
					continue
				}
			}
			if notify != nil {
				notify(count)
			}
			if count == 1 {
				cancel()
			} else {
				close(killing)
			}
		}
	}()
	var once sync.Once
	return ctx, killing, func() {
		once.Do(func() { close(stopped) })
		<-finished
		cancel()
	}
}
