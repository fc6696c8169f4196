package plan

import "testing"

func TestBlock(t *testing.T) {
	for address, want := range map[string]string{
		"aws_vpc.this":                             "aws_vpc.this",
		"aws_subnet.this[0]":                       "aws_subnet.this",
		`aws_subnet.this["a"]`:                     "aws_subnet.this",
		`module.a["x"].module.b[1].aws_vpc.c["y"]`: "module.a.module.b.aws_vpc.c",
		`aws_route53_record.this["*.example.com"]`: "aws_route53_record.this",
		`a.b["with ] and [ inside"]`:               "a.b",
		`a.b["with \" inside]"]`:                   "a.b",
		`module.a["x.y"].data.aws_region.current`:  "module.a.data.aws_region.current",
		"": "",
	} {
		if got := Block(address); got != want {
			t.Errorf("Block(%s) = %s, want %s", address, got, want)
		}
	}
}

func TestParts(t *testing.T) {
	for _, row := range []struct{ address, top, typ string }{
		{"aws_vpc.this", "", "aws_vpc"},
		{`aws_subnet.this["a.b"]`, "", "aws_subnet"},
		{`module.a["x.y"].module.b[1].aws_vpc.c["y"]`, "a", "aws_vpc"},
		{`module.a.data.aws_region.current`, "a", "aws_region"},
		{`module.cluster.module.node_group["control"]`, "cluster", "module"},
		{`module.cluster[0]`, "cluster", "module"},
		{"module", "", ""},
		{"", "", ""},
	} {
		if got := TopModule(row.address); got != row.top {
			t.Errorf("TopModule(%s) = %s, want %s", row.address, got, row.top)
		}
		if got := Type(row.address); got != row.typ {
			t.Errorf("Type(%s) = %s, want %s", row.address, got, row.typ)
		}
	}
}
