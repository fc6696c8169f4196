package service_test

import (
	"maps"
	"testing"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/service/route53"
	"coderaws/internal/sandbox/service/secretsmanager"
	"coderaws/internal/sandbox/world"
)

// specimenOf is an example by its name, with its arguments filled in.
func specimenOf(t *testing.T, m *sandboxtest.Museum, name string) (typeName string, arguments object) {
	t.Helper()
	for _, s := range examples() {
		if s.Name == name {
			return s.TypeName, m.Fill(t, s.Arguments).(object)
		}
	}
	t.Fatalf("no example is called %s", name)
	return "", nil
}

// TestChangedBesideOthers changes examples in ways that AWS refuses, or takes, each in the world of all examples.
func TestChangedBesideOthers(t *testing.T) {
	t.Parallel()
	m := museumOf(t)
	before := m.Kept()
	for _, test := range []struct {
		name, specimen string
		change         object
		refused        string
	}{
		{"a cluster into another zone", "cluster", object{"vpc_config": objects{object{"subnet_ids": objects{"${a.id}", "${third.id}"}}}},
			"do not match the AZs us-east-1a,us-east-1b of the cluster"},
		{"a cluster into another subnet of its zone", "cluster", object{"vpc_config": objects{object{
			"subnet_ids": objects{"${second.id}", "${b.id}"}}}}, ""},
		{"versions that are no more wanted", "bucket-versioning", object{"versioning_configuration": objects{object{"status": "Suspended"}}}, ""},
		{"versions as if there never were any", "bucket-versioning", object{"versioning_configuration": objects{object{"status": "Disabled"}}},
			"versioning_configuration.status cannot be updated from 'Enabled' to 'Disabled'"},
		{"a database that shrinks", "database-full", object{"allocated_storage": 300}, "Invalid storage size."},
		{"a database that grows", "database-full", object{"allocated_storage": 500}, ""},
		{"a database on gp3 that is told how fast", "database-full", object{"iops": 15000}, ""},
		{"a disk that shrinks", "volume-gp2", object{"size": 50}, "New size cannot be smaller than existing size"},
		{"a disk of a kind that wants more speed, at the speed it had", "volume-gp2", object{"type": "gp3"},
			"Volume iops of 300 is invalid for volume type gp3"},
		{"a disk of another kind", "volume-gp2", object{"type": "gp3", "iops": 3000}, ""},
		{"a bucket of no more versions", "bucket-inline", object{"versioning": objects{object{"enabled": false}}}, ""},
		{"a bucket of rules that are others", "bucket-inline", object{"lifecycle_rule": objects{object{"id": "one", "enabled": true,
			"tags": object{"team": "ops"}, "expiration": objects{object{"days": 5}}}}}, ""},
		{"a bucket that is no more sealed", "bucket-inline", object{"server_side_encryption_configuration": objects{object{
			"rule": objects{object{"apply_server_side_encryption_by_default": objects{object{"sse_algorithm": "AES256"}}}}}}}, ""},
		{"a network that loses its addresses of the sixth kind", "vpc-six", object{"assign_generated_ipv6_cidr_block": false}, ""},
		{"a record of another weight", "record-weighed", object{"weighted_routing_policy": objects{object{"weight": 0}}}, ""},
		{"a load balancer of another wait", "balancer-logged", object{"idle_timeout": 4001}, "Member must have value less than or equal to 4000"},
		{"a load balancer of the longest wait", "balancer-logged", object{"idle_timeout": 4000}, ""},
		{"nodes more than there may be", "nodes-plain", object{"scaling_config": objects{object{"min_size": 0, "desired_size": 3,
			"max_size": 2}}}, "desired capacity"},
		{"nodes of another version", "nodes-plain", object{"version": "1.31"}, "Requested Nodegroup version 1.31 is not supported."},
		{"nodes of a version before", "nodes-plain", object{"version": "1.34"}, ""},
		{"a schedule of the past", "fleet-once", object{"start_time": "2026-11-21T00:00:00Z"}, "Given start time is in the past"},
		{"a group with a hook that waits longer", "fleet-full", object{"initial_lifecycle_hook": objects{object{"name": "first",
			"lifecycle_transition": "autoscaling:EC2_INSTANCE_LAUNCHING", "heartbeat_timeout": 60}}}, "replacement forced"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer m.Restore(before)
			for _, s := range []sandboxtest.Specimen{
				{Name: "second", TypeName: "aws_subnet", Arguments: object{"vpc_id": "${vpc.id}", "cidr_block": "10.0.64.0/20",
					"availability_zone": "us-east-1a"}},
				{Name: "third", TypeName: "aws_subnet", Arguments: object{"vpc_id": "${vpc.id}", "cidr_block": "10.0.80.0/20",
					"availability_zone": "us-east-1c"}},
			} {
				m.Add(t, s)
			}
			typeName, config := specimenOf(t, m, test.specimen)
			maps.Copy(config, m.Fill(t, test.change).(object))
			_, err := m.Update(typeName, m.States[test.specimen], config)
			expect(t, err, test.refused)
		})
	}
}

// TestDeletedBesideOthers deletes examples that something else holds, or that are kept by an argument.
func TestDeletedBesideOthers(t *testing.T) {
	t.Parallel()
	m := museumOf(t)
	before := m.Kept()
	for _, test := range []struct {
		name    string
		made    sandboxtest.Specimen
		delete  string
		refused string
	}{
		{name: "a log group that is protected", delete: "made", refused: "The specified log group has deletion protection enabled.",
			made: sandboxtest.Specimen{Name: "made", TypeName: "aws_cloudwatch_log_group", Arguments: object{"name": "/protected",
				"deletion_protection_enabled": true}}},
		{name: "a cluster with a profile for Fargate", delete: "cluster", refused: "ResourceInUseException"},
		{name: "a user with policies", delete: "user", refused: "DeleteConflict"},
		{name: "a user with a key that goes along", delete: "user-goes"},
		{name: "a group with members", delete: "people", refused: "DeleteConflict"},
		{name: "a database without a word on its snapshot", delete: "made",
			refused: "final_snapshot_identifier is required when skip_final_snapshot is false",
			made: sandboxtest.Specimen{Name: "made", TypeName: "aws_db_instance", Arguments: object{"identifier": "word", "engine": "postgres",
				"instance_class": "db.t4g.medium", "allocated_storage": 20, "username": "coder", "manage_master_user_password": true,
				"db_subnet_group_name": "${db-subnets.name}"}}},
		{name: "a database whose last snapshot is there already", delete: "made", refused: "DBSnapshotAlreadyExists",
			made: sandboxtest.Specimen{Name: "made", TypeName: "aws_db_instance", Arguments: object{"identifier": "word", "engine": "postgres",
				"instance_class": "db.t4g.medium", "allocated_storage": 20, "username": "coder", "manage_master_user_password": true,
				"db_subnet_group_name": "${db-subnets.name}", "final_snapshot_identifier": "s"}}},
		{name: "a database that leaves a snapshot", delete: "made",
			made: sandboxtest.Specimen{Name: "made", TypeName: "aws_db_instance", Arguments: object{"identifier": "word", "engine": "postgres",
				"instance_class": "db.t4g.medium", "allocated_storage": 20, "username": "coder", "manage_master_user_password": true,
				"db_subnet_group_name": "${db-subnets.name}", "final_snapshot_identifier": "last"}}},
		{name: "a database that is protected", delete: "made", refused: "Cannot delete protected DB Instance",
			made: sandboxtest.Specimen{Name: "made", TypeName: "aws_db_instance", Arguments: object{"identifier": "word", "engine": "postgres",
				"instance_class": "db.t4g.medium", "allocated_storage": 20, "username": "coder", "manage_master_user_password": true,
				"db_subnet_group_name": "${db-subnets.name}", "skip_final_snapshot": true, "deletion_protection": true}}},
		{name: "an address that is in use", delete: "address", refused: "AuthFailure"},
		{name: "a gateway of addresses in use", delete: "gateway", refused: "DependencyViolation"},
		{name: "a role that something has", delete: "node", refused: "DeleteConflict"},
		{name: "a template that a group is made by", delete: "template"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer m.Restore(before)
			typeName := test.made.TypeName
			if typeName != "" {
				m.Add(t, test.made)
			} else {
				typeName, _ = specimenOf(t, m, test.delete)
			}
			expect(t, m.Delete(typeName, m.States[test.delete]), test.refused)
		})
	}
}

// TestAddHostedZone is how a zone is found that was there before anybody's Terraform: by its name, with the id and the servers that it is
// known to have. A zone of a name that there is stays, unless it is known to be another one.
func TestAddHostedZone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, id string
		servers  []string
		again    string
		servedBy []string
		zones    int
		wantID   string
	}{
		{name: "example.com", zones: 1},
		{name: "Example.com.", zones: 1},
		{name: "example.com", id: "Z1", zones: 1, wantID: "Z1"},
		{name: "example.com", id: "Z1", again: "Z1", zones: 1, wantID: "Z1"},
		{name: "example.com", id: "Z1", again: "Z2", zones: 1, wantID: "Z1"},
		{name: "example.com", id: "Z1", servers: []string{"a.ns"}, again: "Z2", servedBy: []string{"b.ns"}, zones: 2},
		{name: "example.com", id: "Z1", servers: []string{"a.ns", "b.ns"}, again: "Z1", servedBy: []string{"c.ns"}, zones: 1, wantID: "Z1"},
	} {
		d := sandboxtest.New(t, "")
		expect(t, route53.AddHostedZone(d.World, test.name, test.id, test.servers...), "")
		expect(t, route53.AddHostedZone(d.World, "example.com", test.again, test.servedBy...), "")
		expect(t, route53.AddHostedZone(d.World, "other.example.com", ""), "")
		all, err := d.Data("aws_route53_zones", nil)
		if ids, _ := all["ids"].([]any); err != nil || len(ids) != test.zones+1 {
			t.Errorf("%+v: zones %v, %v", test, all["ids"], err)
		}
		if test.zones > 1 {
			continue
		}
		zone, err := d.Data("aws_route53_zone", object{"name": "example.com"})
		if err != nil || test.wantID != "" && zone["zone_id"] != test.wantID || len(zone["zone_id"].(string)) < 2 {
			t.Errorf("%+v: zone %v, %v", test, zone["zone_id"], err)
		}
		if servers, _ := zone["name_servers"].([]any); len(test.servers) > 0 && (len(servers) != len(test.servers) || servers[0] != "a.ns" ||
			zone["primary_name_server"] != "a.ns") {
			t.Errorf("%+v: served by %v", test, servers)
		}
		records, err := d.Data("aws_route53_records", object{"zone_id": zone["zone_id"], "name_regex": ".*"})
		for _, record := range records["resource_record_sets"].([]any) {
			value := record.(object)["resource_records"].([]any)[0].(object)["value"]
			if len(test.servers) > 0 && (record.(object)["type"] == "NS") != (value == "a.ns.") {
				t.Errorf("%+v: record %v is %v", test, record.(object)["type"], value)
			}
		}
		expect(t, err, "")
	}
}

// TestPodSecret is what a pod hears that asks Secrets Manager for a value by the role of its service account.
func TestPodSecret(t *testing.T) {
	t.Parallel()
	m := museumOf(t)
	before := m.Kept()
	reads := func(resource string) sandboxtest.Specimen {
		return sandboxtest.Specimen{Name: "may-read", TypeName: "aws_iam_role_policy", Arguments: object{"name": "read", "role": "pods",
			"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"` + resource +
				`"}]}`}}
	}
	opens := sandboxtest.Specimen{Name: "may-open", TypeName: "aws_iam_role_policy", Arguments: object{"name": "open", "role": "pods",
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"${key.arn}"}]}`}}
	guarded := func(typ, names, what, statement string) sandboxtest.Specimen {
		return sandboxtest.Specimen{Name: "guard", TypeName: typ, Arguments: object{names: what,
			"policy": `{"Version":"2012-10-17","Statement":[` + statement + `]}`}}
	}
	const podsRole = "arn:aws:iam::123456789012:role/pods"
	other := "arn:aws:secretsmanager:us-east-1:123456789012:secret:by-hand-AbCdEf"
	for _, test := range []struct {
		name, account, secret string
		given                 []sandboxtest.Specimen
		gone                  string
		answer, todo          string
		empty                 bool
		// bounded says that the role has a boundary, which speaks of EC2 alone.
		bounded bool
	}{
		{name: "with all that it takes", account: "s", secret: "${secret.arn}", given: []sandboxtest.Specimen{reads("${secret.arn}"), opens}},
		{name: "by the name of the secret", account: "s", secret: "ecr-pullthroughcache/hub",
			given: []sandboxtest.Specimen{reads("${secret.arn}"), opens}},
		{name: "without an association", account: "none", secret: "${secret.arn}",
			answer: "No Pod Identity association found for service account none of namespace n",
			todo:   "Make an aws_eks_pod_identity_association for it."},
		{name: "by a role that is gone", account: "s", secret: "${secret.arn}", gone: "pods",
			answer: "EKS does not have permissions to assume the associated role.",
			todo:   "The role of the Pod Identity association of service account s of namespace n does not exist any more."},
		{name: "for a secret that there is not", account: "s", secret: "none", answer: "Secrets Manager can't find the specified secret.",
			todo: "There is no secret none."},
		{name: "without the right", account: "s", secret: "${secret.arn}",
			answer: "User: arn:aws:sts::123456789012:assumed-role/pods/eks-c is not authorized to perform: secretsmanager:GetSecretValue",
			todo:   "Allow it in a policy of the role pods."},
		{name: "with the right, by a role whose boundary has it not", account: "s", secret: "${secret.arn}", bounded: true,
			given:  []sandboxtest.Specimen{reads("${secret.arn}"), opens},
			answer: "because no permissions boundary allows the secretsmanager:GetSecretValue action",
			todo:   "Allow it in the permissions boundary of the role, arn:aws:iam::aws:policy/AmazonEC2FullAccess."},
		{name: "without the right, by a role whose boundary has it not either", account: "s", secret: "${secret.arn}", bounded: true,
			answer: "because no identity-based policy allows the secretsmanager:GetSecretValue action"},
		{name: "with the right to another", account: "s", secret: "${secret.arn}", given: []sandboxtest.Specimen{reads(other)},
			answer: "AccessDeniedException"},
		{name: "without the right to its key", account: "s", secret: "${secret.arn}", given: []sandboxtest.Specimen{reads("*")},
			answer: "Access to KMS is not allowed", todo: "allow kms:Decrypt on it in a policy of its reader."},
		{name: "that the policy of the secret denies", account: "s", secret: "${secret.arn}",
			given: []sandboxtest.Specimen{reads("${secret.arn}"), opens, guarded("aws_secretsmanager_secret_policy", "secret_arn", "${secret.arn}",
				`{"Effect":"Deny","Principal":"*","Action":"secretsmanager:*","Resource":"*"}`)},
			answer: "on resource: ", todo: "Let the policies of the secret and of the role pods not deny it"},
		{name: "that the policy of the secret alone allows", account: "s", secret: "${secret.arn}",
			given: []sandboxtest.Specimen{opens, guarded("aws_secretsmanager_secret_policy", "secret_arn", "${secret.arn}",
				`{"Effect":"Allow","Principal":{"AWS":"`+podsRole+`"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}`)}},
		{name: "that the policy of the secret leaves to the account", account: "s", secret: "${secret.arn}",
			given: []sandboxtest.Specimen{opens, guarded("aws_secretsmanager_secret_policy", "secret_arn", "${secret.arn}",
				`{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}`)},
			answer: "because no identity-based policy allows the secretsmanager:GetSecretValue action"},
		{name: "whose key knows another role alone", account: "s", secret: "${secret.arn}",
			given: []sandboxtest.Specimen{reads("${secret.arn}"), opens, guarded("aws_kms_key_policy", "key_id", "${key.key_id}",
				`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:Put*","Resource":"*"}`)},
			answer: "Access to KMS is not allowed", todo: "The policy of the key has to let the account's policies decide, or the reader in."},
		{name: "whose key lets the role in, which has no policy of its own for it", account: "s", secret: "${secret.arn}",
			given: []sandboxtest.Specimen{reads("${secret.arn}"), guarded("aws_kms_key_policy", "key_id", "${key.key_id}",
				`{"Effect":"Allow","Principal":{"AWS":["`+podsRole+`","123456789012"]},"Action":"kms:*","Resource":"*"}`)}},
		{name: "for one that has no value yet", account: "s", secret: "elsewhere", given: []sandboxtest.Specimen{reads("*")},
			answer: "for staging label: AWSCURRENT", todo: "The secret elsewhere has no value yet.", empty: true},
		{name: "for one that somebody made by hand", account: "s", secret: other, given: []sandboxtest.Specimen{reads(other)}},
		{name: "for one that somebody made by hand, without the right", account: "s", secret: other, answer: "AccessDeniedException"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer m.Restore(before)
			for _, s := range test.given {
				m.Add(t, s)
			}
			secret := m.Fill(t, test.secret).(string)
			var answer *world.Error
			var empty bool
			_ = m.World.Do(func() error { // the answer is not an error here
				c := service.NewCatalog().CallBy(m.World, model.Caller{Account: m.World.Account(), Region: "us-east-1"})
				if test.gone != "" {
					m.World.Remove(c.Find("aws_iam_role", test.gone))
				}
				if role := c.Find("aws_iam_role", "pods"); test.bounded {
					attributes := world.CopiedObject(role.Attributes)
					attributes["permissions_boundary"] = "arn:aws:iam::aws:policy/AmazonEC2FullAccess"
					m.World.Change(role, attributes)
				}
				answer, empty = secretsmanager.PodSecret(c, "c", "n", test.account, secret)
				return nil
			})
			var err error
			if answer != nil {
				err = &sandboxtest.Refusal{Summary: answer.Error() + " " + answer.Timing}
			}
			expect(t, err, test.answer)
			if test.todo != "" {
				expect(t, err, test.todo)
			}
			if empty != test.empty {
				t.Errorf("it has no value: %t", empty)
			}
		})
	}
}

// TestAutoscale is how the cluster autoscaler resizes a group: to what pods need, within the group's bounds.
func TestAutoscale(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ needed, after int }{{0, 1}, {1, 1}, {2, 2}, {3, 2}} {
		m := museumOf(t)
		_ = m.World.Do(func() error { // reports below
			catalog := service.NewCatalog()
			c := catalog.CallBy(m.World, model.Caller{Account: m.World.Account(), Region: "us-east-1"})
			before, after := eks.Autoscale(catalog, m.World, c.Find("aws_eks_node_group", "c:n"), test.needed)
			now, _ := model.At(c.Find("aws_eks_node_group", "c:n").Attributes, "scaling_config.desired_size").(float64)
			if before != 1 || after != test.after || int(now) != test.after {
				t.Errorf("%d needed: from %d to %d, and the group has %v", test.needed, before, after, now)
			}
			return nil
		})
	}
}
