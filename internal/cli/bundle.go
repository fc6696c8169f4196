package cli

import (
	"github.com/spf13/cobra"
)

func (sh *shell) bundleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bundle",
		Short: "Carry images, charts and providers to where nothing can be fetched",
		Long: `Carry what a deployment needs from outside to where nothing can be fetched: save it into one file on a machine with a connection, and
push it on the other side into registries and buckets of your own.`,
		RunE: group,
	}
	cmd.AddCommand(sh.bundleListCommand(), sh.bundleSaveCommand(), sh.bundlePushCommand(), sh.bundleVerifyCommand())
	return cmd
}
