package guide

import "fmt"

// inCluster says whether the guide goes on to what runs in the cluster.
func (g *Guide) inCluster() bool {
	for _, t := range g.things {
		if t.platform {
			return true
		}
	}
	return false
}

// helmNeeded is what is needed for the cluster, too.
func (g *Guide) helmNeeded() string {
	if !g.inCluster() {
		return ""
	}
	return ", and for the last stage\n[Helm](https://helm.sh/docs/intro/install/) 3.8 or later"
}

// afterCloud says how Terraform goes on with what runs in the cluster.
func (g *Guide) afterCloud() string {
	if !g.inCluster() {
		return "\nCoder itself, in the cluster, is installed by `stacks/platform` after that.\n"
	}
	return "\n`stacks/platform` is applied after that. It needs no imports: it installs each release over the one that is there, with the same\n" +
		"values.\n"
}

// signIn says how one comes in.
func (g *Guide) signIn() string {
	if !g.inCluster() {
		return ""
	}
	text := fmt.Sprintf("\n## First steps\n\nCoder answers at %s once the last release is installed:\n\n```bash\ncurl %s/healthz\n```\n",
		g.cloud.AccessURL, g.cloud.AccessURL)
	if g.cloud.Secrets.Owner != "" {
		text += fmt.Sprintf("\nSign in as `owner@%s`. The password was made in step %d, and is in Secrets Manager:\n\n```bash\n. ./env\n%s\n```\n",
			g.cloud.Domain, g.ownerStep(), g.line(aws("secretsmanager get-secret-value", "--region", g.options.Region, "--secret-id",
				g.cloud.Secrets.Owner, "--query", "SecretString", "--output", "text")))
	}
	return text + fmt.Sprintf("\nTo look into the cluster: `aws eks update-kubeconfig --region %s --name %s`, then `kubectl get pods --all-namespaces`. A licence and the\n"+
		"key of external provisioners are given by `coderaws up`, once Terraform has taken over.\n", g.options.Region, g.cloud.Cluster.Name)
}

// ownerStep is the number of the step that makes the password of the first owner.
func (g *Guide) ownerStep() int {
	for _, s := range g.steps {
		if s.things[0].kind.typ == "owner" {
			return s.number
		}
	}
	return 0
}
