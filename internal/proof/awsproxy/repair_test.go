package awsproxy

import (
	"net/http"
	"strings"
	"testing"
)

const query = "application/x-www-form-urlencoded"

func TestRepairs(t *testing.T) {
	for _, tt := range []struct {
		name, service string
		// calls are made in this order; moto answers each with answers[its action].
		calls   []string
		answers map[string]string
		// want is the last answer.
		want string
	}{
		{
			"a security group rule keeps its description", "ec2",
			[]string{
				"Action=AuthorizeSecurityGroupIngress&IpPermissions.1.Groups.1.GroupId=sg-1&IpPermissions.1.Groups.1.Description=a+%26+b",
				"Action=DescribeSecurityGroupRules",
			},
			map[string]string{
				"AuthorizeSecurityGroupIngress": "<securityGroupRuleId>sgr-1</securityGroupRuleId>",
				"DescribeSecurityGroupRules":    "<securityGroupRuleId>sgr-0</securityGroupRuleId><securityGroupRuleId>sgr-1</securityGroupRuleId>",
			},
			"<securityGroupRuleId>sgr-0</securityGroupRuleId><securityGroupRuleId>sgr-1</securityGroupRuleId><description>a &amp; b</description>",
		},
		{
			"a launch template does not tag launch templates", "ec2",
			[]string{"Action=DescribeLaunchTemplateVersions"},
			map[string]string{
				"DescribeLaunchTemplateVersions": "<s><item><resourceType>instance</resourceType><tagSet/></item><item><resourceType>launch-template</resourceType><tagSet><item><key>k</key></item></tagSet></item></s>"},
			"<s><item><resourceType>instance</resourceType><tagSet/></item></s>",
		},
		{
			"a database instance keeps its monitoring", "rds",
			[]string{
				"Action=CreateDBInstance&DBInstanceIdentifier=W&MonitoringInterval=60&EnablePerformanceInsights=true",
				"Action=DescribeDBInstances",
			},
			map[string]string{
				"CreateDBInstance":    "<DBInstance><DBInstanceIdentifier>w</DBInstanceIdentifier></DBInstance>",
				"DescribeDBInstances": "<DBInstance><DBInstanceIdentifier>w</DBInstanceIdentifier></DBInstance>",
			},
			"<DBInstance><DBInstanceIdentifier>w</DBInstanceIdentifier><MonitoringInterval>60</MonitoringInterval><PerformanceInsightsEnabled>true</PerformanceInsightsEnabled></DBInstance>",
		},
		{
			"a provisioned cluster has no Serverless v1 scaling", "rds",
			[]string{"Action=DescribeDBClusters"},
			map[string]string{"DescribeDBClusters": "<C><ScalingConfigurationInfo><MinCapacity>1</MinCapacity></ScalingConfigurationInfo></C>"},
			"<C></C>",
		},
		{
			"a call without a repair passes unchanged", "rds",
			[]string{"Action=DescribeDBSubnetGroups"},
			map[string]string{"DescribeDBSubnetGroups": "<Groups/>"},
			"<Groups/>",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.emulator.answers = tt.answers
			var got string
			for _, call := range tt.calls {
				_, got = b.send(tt.service, "POST", "/", query, call)
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestMissingCallsFailWithoutRetries(t *testing.T) {
	b := newBench(t)
	for _, service := range []string{"rds", "sqs"} {
		if status, _ := b.send(service, "POST", "/", query, "Action=Nonsense"); status != http.StatusNotImplemented {
			t.Errorf("%s: status %d, want 501: the SDK repeats a 500 for minutes", service, status)
		}
	}
}

func TestBudgetKeepsSubscribersAndTags(t *testing.T) {
	b := newBench(t)
	b.emulator.answers = map[string]string{"POST /": "{}"}
	call := func(action, body string) (int, string) {
		t.Helper()
		return b.target("budgets", "AWSBudgetServiceGateway."+action, body)
	}
	const notification = `"Notification":{"NotificationType":"ACTUAL","ComparisonOperator":"GREATER_THAN","Threshold":80}`
	call("CreateBudget", `{"AccountId":"1","Budget":{"BudgetName":"b"},"ResourceTags":[{"Key":"k","Value":"v"}],
		"NotificationsWithSubscribers":[{`+notification+`,"Subscribers":[{"SubscriptionType":"EMAIL","Address":"a@example.com"}]}]}`)
	for _, tt := range []struct{ action, body, want string }{
		{"DescribeSubscribersForNotification", `{"AccountId":"1","BudgetName":"b",` + notification + `}`, "a@example.com"},
		{"ListTagsForResource", `{"ResourceARN":"arn:aws:budgets::1:budget/b"}`, `"Value":"v"`},
	} {
		if status, got := call(tt.action, tt.body); status != http.StatusOK || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %d %s, want %s", tt.action, status, got, tt.want)
		}
	}
	call("DeleteBudget", `{"AccountId":"1","BudgetName":"b"}`)
	if status, _ := call("ListTagsForResource", `{"ResourceARN":"arn:aws:budgets::1:budget/b"}`); status != http.StatusBadRequest {
		t.Errorf("tags outlived their budget: status %d", status)
	}
}

func TestBackupSelections(t *testing.T) {
	b := newBench(t)
	status, created := b.send("backup", "PUT", "/backup/plans/p/selections/", "application/json", `{"BackupSelection":{"SelectionName":"s"}}`)
	if status != http.StatusOK {
		t.Fatalf("create: %d %s", status, created)
	}
	id := created[strings.Index(created, `"SelectionId":"`)+len(`"SelectionId":"`):]
	id = id[:strings.Index(id, `"`)]
	path := "/backup/plans/p/selections/" + id
	if _, got := b.send("backup", "GET", path, "", ""); !strings.Contains(got, `"SelectionName":"s"`) {
		t.Errorf("get: %s", got)
	}
	b.send("backup", "DELETE", path, "", "")
	if status, got := b.send("backup", "GET", path, "", ""); status != http.StatusBadRequest ||
		!strings.Contains(got, "Cannot find Backup selection") {
		t.Errorf("get after delete: %d %s", status, got)
	}
}
