// Command provider is Pulumi's own Kubernetes provider. The provider is in its module; the release's main package is not
// usable from there, because it embeds files that its build makes and that the module lacks. The air gap's build makes the same
// files from the module's sources and puts them beside this one.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
