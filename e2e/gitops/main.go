// health reads an object as JSON from standard input and prints what GitOps tools make of it, in one line: kstatus'
// word (Flux, helm --wait, kpt) by its own library, and Argo CD's by the Lua script that is named, run by the
// interpreter that Argo CD uses.
package main

import (
	"fmt"
	"io"
	"os"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "health:", err)
		os.Exit(1)
	}
}

func run(script string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(text); err != nil {
		return err
	}
	result, err := status.Compute(object)
	if err != nil {
		return err
	}
	argo, err := argoHealth(script, text)
	if err != nil {
		return err
	}
	fmt.Println("kstatus:"+result.Status.String(), "argocd:"+argo)
	return nil
}

func argoHealth(script string, object []byte) (string, error) {
	state := lua.NewState()
	defer state.Close()
	value, err := luajson.Decode(state, object)
	if err != nil {
		return "", err
	}
	state.SetGlobal("obj", value)
	if err := state.DoFile(script); err != nil {
		return "", err
	}
	health, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return "", fmt.Errorf("%s returns no table", script)
	}
	return health.RawGetString("status").String() + " " + health.RawGetString("message").String(), nil
}
