package main

import (
	"os"
	"testing"
)

// TestNotices: the program carries the notices of all that is linked into it, on whatever system, as they are.
func TestNotices(t *testing.T) {
	if testing.Short() {
		t.Skip("lists all that is linked on three systems")
	}
	stale, err := run("../..", true)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range stale {
		t.Errorf("%s is not what is linked: run make notices, and read the difference", file)
	}
}

// TestIdentify names licences by what they say.
func TestIdentify(t *testing.T) {
	own, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	const redistribution = "Redistribution and use in source and binary forms, with or without modification, are permitted"
	for _, test := range []struct{ name, text, want string }{
		{"Apache's", string(own), "Apache-2.0"},
		{"Mozilla's", "Mozilla Public License, version 2.0\n\n1. Definitions", "MPL-2.0"},
		{"Berkeley's with the clause on names", redistribution + "\n* Neither the name of Google Inc. nor the names", "BSD-3-Clause"},
		{"Berkeley's without it", redistribution, "BSD-2-Clause"},
		{"that of MIT, broken into lines", "Permission is hereby\ngranted, free of charge, to any person", "MIT"},
		{"that of ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose", "ISC"},
		{"a notice", "This product includes software developed at somewhere", ""},
	} {
		if got := identify(test.text); got != test.want {
			t.Errorf("%s is %q, not %q", test.name, got, test.want)
		}
	}
}
