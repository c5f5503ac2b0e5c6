package samples

import (
	"math"
	"slices"
	"strconv"
)

// computed returns the answer to each question of numbers.jsonl by ID, computed from the question alone. Where it can, it
// counts or simulates instead of using the formula of the written solution. Expressions without calls are constants,
// which Go evaluates exactly and rounds once; a decimal point in them keeps a division from being one of integers.
func computed() map[string]float64 {
	return map[string]float64{
		"n01": 17 - 5 + 8 + 12 - 9,
		"n02": 50 - (4*3 + 5*2),
		"n03": 150 * 16 / 6.0,
		"n04": (21*60 + 5) - (18*60 + 45 + 60 + 50 + 15),
		"n05": 80 * (1 + 25/100.0) * (1 - 25/100.0),
		"n06": (12 + 12) / (12/8.0 + 12/24.0),
		"n07": 4 - 3*(22-12)/2.0,
		"n08": (14+1+1)*(9+1+1) - 14*9,
		"n09": count(0, 60, func(metre int) bool { return metre%4 == 0 }),
		"n10": 84*6 - 82*5,
		"n11": 1 / (1/20.0 + 1/30.0 - 1/60.0),
		"n12": 24 + 24*5/3.0 - 10,
		"n13": count(1, 100, func(n int) bool { return (n%3 == 0) != (n%5 == 0) }),
		"n14": 9/(3/4.0) - 1,
		"n15": pairs(6, anyPair) + 6*2 + 1,
		"n16": 7.50 + 10*1.20 + (17-10)*1.75,
		"n17": -45 + 120 - 3*38,
		"n18": (180 + 420) / 20.0,
		"n19": 1250 * 8 * 5 * (100 - 2) / 100.0,
		"n20": first(func(cup int) bool { return cup+(cup+30) == 36 }),
		"n21": 5 << (3 * 60 / 20),
		"n22": robotMinutes(16),
		"n23": 360 * 6.5 / 100 * 1.80,
		"n24": 48 / ((1 - 2/5.0) * (1 - 1/3.0)),
		"n25": climbs(7),
		"n26": 180 * 7.0 / (2 + 3 + 7),
		"n27": cubesWithTwoFaces(4),
		"n28": (20 - 9) * 60 * 60.0 / (60 - 5),
		"n29": 59.50 * 19.0 / (100 + 19),
		"n30": 350 * ((134 + 9 + 48 - 1) / 48), // integer division rounds the number of buses up
		"n31": first(func(stools int) bool { return 3*stools+4*(26-stools) == 94 }),
		"n32": pairs(12, sameColour) / pairs(12, anyPair),
		"n33": first(func(lena int) bool { return lena%4 == 0 && lena+20 == 2*(lena/4+20) }),
		"n34": 25 * 10 * (1.2 + 2.0) / 2 * 1000,
		"n35": 300 - 300*(10/100.0)/(25/100.0),
		"n36": 38*16 + (38-35)*16/2.0,
		"n37": first(func(n int) bool { return n > 200 && n%4 == 7%4 }),
		"n38": 14.4 * 25000 / 100 / 1000,
		"n39": (31 + 29 + 10) - (31 + 20), // days of the year
		"n40": 5 - 8 + 3 - 4,
		"n41": 180 / 3.0 / 4 * 5 * 6,
		"n42": count(100, 999, func(n int) bool {
			a, b, c := n/100, n/10%10, n%10
			return a != b && a != c && b != c && min(a, b, c) >= 1 && max(a, b, c) <= 7 && n%2 == 0
		}),
		"n43": median(12, 7, 9, 15, 11*5-(12+7+9+15)),
		"n44": count(1, 8, func(shirt int) bool { return shirt%3 != 0 }) * 14,
		"n45": math.Sqrt(65*65-52*52) / 10, // the top is at 52 dm after 60 dm: 60*60 + 25*25 = 65*65
		"n46": 5 * 400.0 / (8*60 + 20),
		"n47": 2400 * (1 + 3.5/100*18/12.0),
		"n48": 10000 * (1.1*1.1*1.1 - (1 + 3*0.1)),
		"n49": 18 + 15 - (30 - 4),
		"n50": sum(1, 150, func(page int) int { return len(strconv.Itoa(page)) }),
		"n51": 300*90.0/(90+60) - 300/2,
		"n52": first(func(km int) bool { return 4+1.50*float64(km)+3 == 25 }),
		"n53": ((1+20/100.0)*(1-20/100.0) - 1) * 100,
		"n54": 40 * 44 * 2.1 / 16,
		"n55": 1.5 / 2 * 18,
		"n56": 24 * 60 * 60 / 2 * 3 / 20.0 / 1000,
		"n57": first(func(m int) bool { return m%12 == 0 && m%18 == 0 && m%20 == 0 }),
		"n58": sum(1, 25, func(row int) int { return 22 + 2*(row-1) }),
		"n59": first(func(draws int) bool { return 3*(24-5-draws)+draws == 45 }),
		"n60": 100 + first(func(n int) bool { n += 100; return n%4 == 1 && n%5 == 1 && n%6 == 1 }),
		"n61": (1 - 1/6.0) / 2,
		"n62": 200 * (1 - 2/100.0) * 1.10 * 150,
		"n63": (-6 - 2 + 3 + 1 - 1 - 4 + 2) / 7.0,
		"n64": 40*360/60.0 - (15-12+40/60.0)*360/12,
	}
}

// count returns how many of the numbers from..to, both included, are as asked.
func count(from, to int, ok func(int) bool) float64 {
	n := 0
	for i := from; i <= to; i++ {
		if ok(i) {
			n++
		}
	}
	return float64(n)
}

// sum returns the sum of the values of from..to, both included.
func sum(from, to int, value func(int) int) float64 {
	n := 0
	for i := from; i <= to; i++ {
		n += value(i)
	}
	return float64(n)
}

// median returns the middle one of an odd number of values.
func median(values ...int) float64 {
	slices.Sort(values)
	return float64(values[len(values)/2])
}

// first returns the least positive number up to 1,000 that is as asked, and NaN, equal to no answer, if there is none.
func first(ok func(int) bool) float64 {
	for i := 1; i <= 1000; i++ {
		if ok(i) {
			return float64(i)
		}
	}
	return math.NaN()
}

// pairs returns how many unordered pairs of n things are as asked.
func pairs(n int, ok func(i, j int) bool) float64 {
	k := 0
	for i := range n {
		for j := range i {
			if ok(i, j) {
				k++
			}
		}
	}
	return float64(k)
}

// anyPair accepts every pair.
func anyPair(i, j int) bool { return true }

// sameColour reports whether two of the beads have the same colour.
func sameColour(i, j int) bool { return beadColour(i) == beadColour(j) }

// beadColour returns the colour of the i-th of 3 red, 4 green and 5 white beads.
func beadColour(i int) string {
	switch {
	case i < 3:
		return "red"
	case i < 3+4:
		return "green"
	}
	return "white"
}

// robotMinutes returns after how many minutes a robot that climbs 4 m in odd minutes and slides back 1 m in even ones is
// at height, if that is at the end of a minute.
func robotMinutes(height int) float64 {
	at, minute := 0, 0
	for at < height {
		minute++
		if minute%2 == 1 {
			at += 4
		} else {
			at--
		}
	}
	if at > height {
		return math.NaN()
	}
	return float64(minute)
}

// climbs returns the number of ways to write steps as an ordered sum of ones and twos.
func climbs(steps int) float64 {
	switch {
	case steps < 0:
		return 0
	case steps == 0:
		return 1
	}
	return climbs(steps-1) + climbs(steps-2)
}

// cubesWithTwoFaces returns how many unit cubes of a cube with that edge have two faces on its surface.
func cubesWithTwoFaces(edge int) float64 {
	n := 0
	for i := range edge * edge * edge {
		faces := 0
		for _, x := range []int{i % edge, i / edge % edge, i / edge / edge} {
			if x == 0 || x == edge-1 {
				faces++
			}
		}
		if faces == 2 {
			n++
		}
	}
	return float64(n)
}
