package model

import "coderaws/internal/sandbox/world"

// Launch is what a resource starts on machines of AWS: instances of EC2, or one of a database.
type Launch struct {
	// InstanceTypes are the types of EC2 instance that it may start; empty for a database.
	InstanceTypes []string
	// Zones are the names of the zones in which it may start them.
	Zones []string
	// Now is how many it starts at once, and Most how many it has when it is at its largest.
	Now, Most float64
	// Spot says that some are spot instances, and OnlySpot that all are: those count against other quotas.
	Spot, OnlySpot bool
	// Elsewhere is told the zones that have room where others have none; nil where nothing about the resource depends on it.
	Elsewhere func(room []string)
	// NoRoom is AWS's answer where no zone has room; nil for EC2's own.
	NoRoom func() *world.Error
	// Failed is what becomes of a group whose instances cannot be launched for a reason of EC2: AWS takes the request, and reports this
	// afterwards. It is nil where AWS refuses at once.
	Failed func(code, message string) *world.Error
}

// Launcher is a resource of a world that launches instances of EC2: a node group, an Auto Scaling group or an instance.
type Launcher struct {
	Type, ID, Region string
	// InstanceTypes are those that it may launch, and Zones the names of the zones that it may launch them in.
	InstanceTypes, Zones []string
}

// Launchers lists what launches instances in a world. The caller must not hold the world.
func (k *Catalog) Launchers(w *world.World) []Launcher {
	var all []Launcher
	_ = w.Do(func() error { // looking cannot fail
		for _, r := range w.List(func(r *world.Resource) bool { return r.Owner == "" }) {
			if launch := k.LaunchOf(w, r); launch != nil && len(launch.InstanceTypes) > 0 {
				all = append(all, Launcher{Type: r.Type, ID: r.ID, Region: r.Region, InstanceTypes: launch.InstanceTypes, Zones: launch.Zones})
			}
		}
		return nil
	})
	return all
}

// LaunchOf is what an existing resource starts; nil if its type starts nothing. The caller holds the world.
func (k *Catalog) LaunchOf(w *world.World, r *world.Resource) *Launch {
	declared := k.Types[r.Type]
	if declared == nil || declared.Launch == nil {
		return nil
	}
	launch := declared.Launch(&Call{World: w, Catalog: k, Account: r.Account, Region: r.Region, ProviderRegion: r.Region,
		Object: r.Attributes})
	return &launch
}
