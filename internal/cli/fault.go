package cli

import (
	"fmt"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// faultHelp is what the help of commands that take faults says about them.
const faultHelp = `
--fault makes something go wrong on the embedded AWS, to see what becomes of it:

  aws_vpc=Throttling,3                                 AWS throttles three calls for VPCs
  aws_subnet#2=InternalError,30                        the second subnet, for longer than the provider tries
  aws_nat_gateway=InternalError,after-create           AWS makes a NAT gateway, which then fails
  module.database[0].aws_rds_cluster.this=AccessDenied one resource, by its address
  aws_eks_node_group=ResourceInUseException,always,delete
  every=AccessDenied                                   each resource, at its first attempt
  zone:us-east-1a                                      a zone has no capacity, for one run
  spot,2   spot:us-east-1a                             spot instances are short, for two runs; in one zone`

// faultFlag adds --fault to a command.
func faultFlag(cmd *cobra.Command, faults *[]string) {
	cmd.Flags().StringArrayVar(faults, "fault", nil, "make something go wrong on the sandbox: "+rehearsal.FaultForm+"; repeatable")
	cmd.Long += "\n" + faultHelp
}

// order makes faults happen on a target, and shows what is unlikely about them.
func (deps *Deps) order(target lifecycle.Target, texts []string, d *deployment.Deployment) error {
	var regions []string
	for _, region := range d.Regions {
		regions = append(regions, region.Name)
	}
	unlikely, err := target.Disturb(texts, regions)
	deps.warn(unlikely)
	return err
}

// reportFaults says what became of faults after an up that began: those that were survived, and those that never struck.
func (deps *Deps) reportFaults(target lifecycle.Target, told func(lifecycle.FaultRecord), err error) {
	if code := diagnostic.Exit(err); code == diagnostic.ExitInvalid || code == diagnostic.ExitRefused {
		return
	}
	records := target.Faults()
	deps.warn(lifecycle.Unstruck(records))
	for _, record := range records {
		if record.Strikes > 0 && told != nil {
			told(record)
		}
	}
}

// tellFaults tells a person what became of faults; scripts are told nothing.
func (sh *shell) tellFaults() func(lifecycle.FaultRecord) {
	if sh.output == jsonOutput {
		return nil
	}
	return func(record lifecycle.FaultRecord) {
		fmt.Fprintf(sh.messages(), "Fault %s %s.\n", record.Fault, struck(record))
	}
}

// struck words what became of a fault.
func struck(r lifecycle.FaultRecord) string {
	switch {
	case r.Strikes == 0:
		return "never struck"
	case r.Survived == r.Strikes:
		return "struck " + often(r.Strikes) + ", and nothing came of it: the provider tried again, or AWS found room elsewhere"
	case r.Survived > 0:
		return fmt.Sprintf("struck %s, of which %d came to nothing: the provider tried again, or AWS found room elsewhere",
			often(r.Strikes), r.Survived)
	default:
		return "struck " + often(r.Strikes)
	}
}

func often(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return fmt.Sprintf("%d times", n)
	}
}

// shownFailures is how many failures the report lists of one rehearsal; JSON has them all.
const shownFailures = 12

// writeDisturbance writes what became of the faults of a rehearsal.
func writeDisturbance(b *strings.Builder, d *rehearsal.Disturbance) {
	if d == nil {
		return
	}
	b.WriteString("\nFaults\n")
	for _, record := range d.Faults {
		fmt.Fprintf(b, "  %s %s\n", record.Fault, wrap(struck(record), 100, "    "))
	}
	for i, f := range d.Failures {
		if i == shownFailures {
			fmt.Fprintf(b, "  and %s more, which --output json lists\n", plural(len(d.Failures)-i, "failure"))
			break
		}
		fmt.Fprintf(b, "  %s %d  %s\n          %s\n", f.Verb, f.Run, f.Address, wrap(f.Summary, 100, "          "))
	}
	same := "the same as without faults"
	if len(d.Differences) > 0 {
		same = fmt.Sprintf("with %s from what is made without faults", plural(len(d.Differences), "difference"))
	}
	fmt.Fprintf(b, "  made in %s, %s; destroyed in %s\n", plural(d.UpRuns, "run"), same, plural(d.DownRuns, "run"))
}

// badDisturbance says what was wrong about a rehearsal with faults.
func badDisturbance(disturbance *rehearsal.Disturbance) diagnostic.List {
	var list diagnostic.List
	if disturbance == nil {
		return list
	}
	for _, difference := range disturbance.Differences {
		d := diagnostic.Errorf("%s", difference)
		d.Code, d.Why = "rehearse.disturbed", "after the faults not the same exists as without them"
		d.Todo = "let the configuration say what it is to be, so that it does not hang on the order in which things are made"
		list = append(list, d)
	}
	for _, fault := range disturbance.Unstruck() {
		d := diagnostic.Errorf("the fault %q never struck, so that nothing was shown about it", fault)
		d.Code, d.Why = "fault.never_struck", "Terraform asked AWS for nothing that it is meant for"
		d.Todo = "look at the type, the action and the zone that it names, and at what the deployment makes"
		list = append(list, d)
	}
	return list
}
