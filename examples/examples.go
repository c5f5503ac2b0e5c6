// Package examples has those of the examples that come with the program: the experiment of the recording that it plays, and the prediction that was made of it.
package examples

import _ "embed"

var (
	// ThreeSmallModels is the experiment file of the recording.
	//
	//go:embed three-small-models.yaml
	ThreeSmallModels []byte

	// Predicted is what was predicted of two of its arms before they were held, as cheaptalk predict --write writes it.
	//
	//go:embed predicted/prediction.yaml
	Predicted []byte
)
