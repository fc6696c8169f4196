package facts

import "testing"

func TestPartitions(t *testing.T) {
	for _, row := range []struct{ region, partition, suffix string }{
		{"us-east-1", "aws", "amazonaws.com"},
		{"eu-central-1", "aws", "amazonaws.com"},
		{"us-gov-west-1", "aws-us-gov", "amazonaws.com"},
		{"cn-northwest-1", "aws-cn", "amazonaws.com.cn"},
		{"us-iso-east-1", "aws-iso", "c2s.ic.gov"},
		{"us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"},
		{"eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"},
		{"us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"},
		{"eusc-de-east-1", "aws-eusc", "amazonaws.eu"},
		{"mx-future-9", "aws", "amazonaws.com"},
	} {
		if got := Partition(row.region); got != row.partition {
			t.Errorf("Partition(%s) = %s, want %s", row.region, got, row.partition)
		}
		if got := DNSSuffix(row.region); got != row.suffix {
			t.Errorf("DNSSuffix(%s) = %s, want %s", row.region, got, row.suffix)
		}
	}
}
