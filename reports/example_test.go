package reports_test

import (
	"fmt"
	"os"

	"cheaptalk/reports"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/tables"
	"cheaptalk/reports/words"
)

// A run is read once. Its report is laid out as tables, told in words or drawn.
func Example() {
	run := sample.Run{Arms: []string{"independent", "naive"}, Items: 60, OneSet: true}
	r, err := reports.Analyze(run.Records(), reports.Options{Name: "example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	table := tables.Accuracy(r)
	table.Caption = ""
	if err := table.Write(os.Stdout, 120, false); err != nil {
		fmt.Println(err)
	}
	fmt.Println(words.Of(r)[0])
	// Output:
	// Accuracy by arm · example · simulated
	// arm           n  ×  single  vote before  vote after            change  s-cons.  oracle  ▼ harmful  ▲ helpful  ties
	// independent  60  0    52.2   55.0 ±12.5           –                 –     55.0    85.0          –          –    10
	// naive        59  1    52.0   54.2 ±12.6  59.3 ±12.7  +5.1 [-7, +17] ~  not run    84.7  13.7 ±5.5  18.6 ±8.9     3
	//
	// Hearing each other changed 12 of 59 group answers of naive: 4 for the worse, 7 for the better, 1 from one answer that was not right to another.
}
