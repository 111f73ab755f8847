// Renders a chart with Go's own templates and Sprig's functions, which Helm is made of, for machines without Helm: no cluster is asked.
// A value that the chart has no default for is an error here; Helm takes it for nothing.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: render.go CHART VALUES NAMESPACE"))
	}
	chart := os.Args[1]
	values := merge(read(filepath.Join(chart, "values.yaml")), read(os.Args[2]))
	scope := map[string]interface{}{
		"Values":  values,
		"Chart":   read(filepath.Join(chart, "Chart.yaml")),
		"Release": map[string]interface{}{"Name": "corpus", "Namespace": os.Args[3], "Service": "Helm", "Revision": 1},
	}

	set := template.New("chart").Option("missingkey=error")
	functions := sprig.TxtFuncMap()
	// Helm takes these away.
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := set.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	functions["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["toJson"] = func(value interface{}) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}
	set.Funcs(functions)
	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	fail(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		fail(err)
		_, err = set.New(filepath.Base(file)).Parse(string(text))
		fail(err)
	}
	rendered := map[string]string{}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var text bytes.Buffer
		fail(set.ExecuteTemplate(&text, name, scope))
		rendered[name] = text.String()
	}
	fail(json.NewEncoder(os.Stdout).Encode(rendered))
}

// As Helm reads values: numbers are floats.
func read(path string) map[string]interface{} {
	text, err := os.ReadFile(path)
	fail(err)
	var values map[string]interface{}
	fail(yaml.Unmarshal(text, &values))
	return values
}

func merge(under, over map[string]interface{}) map[string]interface{} {
	for key, value := range over {
		inner, isMap := value.(map[string]interface{})
		below, wasMap := under[key].(map[string]interface{})
		if isMap && wasMap {
			value = merge(below, inner)
		}
		under[key] = value
	}
	return under
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
