package rds

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// The rules below hold for Aurora clusters and for single database instances alike.

// masterUser holds the master user to a name that the engine does not reserve, and to one way to get a password.
func masterUser(nameAttribute, passwordAttribute string) model.Check {
	return func(c *model.Call) *world.Error {
		name, password, managed := c.String(nameAttribute), c.String(passwordAttribute), c.Bool("manage_master_user_password")
		_, writeOnly := c.Number(passwordAttribute + "_wo_version")
		restored := c.String("snapshot_identifier") != "" || c.String("replication_source_identifier") != "" ||
			c.String("global_cluster_identifier") != "" ||
			c.String("replicate_source_db") != "" || len(c.Blocks("restore_to_point_in_time")) > 0 || len(c.Blocks("s3_import")) > 0
		switch {
		case restored:
			return nil
		case name == "" && c.Creating():
			return world.Fail("InvalidParameterValue", "The parameter MasterUsername must be provided and must not be blank.")
		case slices.Contains([]string{"admin", "rdsadmin", "rds_superuser", "rdsrepladmin", "rdstopmgr"}, name) && postgres(c):
			return world.Fail("InvalidParameterValue", "MasterUsername %s cannot be used as it is a reserved word used by the engine", name)
		case name != "" && !masterNames().MatchString(name):
			// unverified text
			return world.Fail("InvalidParameterValue",
				"The parameter MasterUsername is not a valid identifier. It must begin with a letter and contain 1 to 63 letters, digits or "+
					"underscores.")
		case managed && (password != "" || writeOnly):
			// unverified text
			return world.Fail("InvalidParameterCombination", "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.")
		case !managed && password == "" && !writeOnly && c.Creating():
			return world.Fail("InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank.")
		case password != "" && len(password) < 8:
			// unverified text
			return world.Fail("InvalidParameterValue",
				"The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.")
		case strings.ContainsAny(password, `/@" `):
			return world.Fail("InvalidParameterValue",
				`The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`)
		}
		return nil
	}
}

var masterNames = model.Expression(`^[A-Za-z][A-Za-z0-9_]{0,62}$`)

func postgres(c *model.Call) bool { return strings.Contains(c.String("engine"), "postgres") }

// retention holds the days of automated backups to their range.
func retention(path string, least, most float64) model.Check {
	return func(c *model.Call) *world.Error {
		if days, ok := c.Number(path); ok && (days < least || days > most) {
			return world.Fail("InvalidParameterValue", "Invalid backup retention period: %s. Retention period must be between %s and %s",
				model.FormatNumber(days), model.FormatNumber(least), model.FormatNumber(most))
		}
		return nil
	}
}

func databasePort(c *model.Call) *world.Error {
	if port, ok := c.Number("port"); ok && (port < 1150 || port > 65535) {
		return world.Fail("InvalidParameterValue", "Invalid endpoint port %s. Valid range is: 1150-65535", model.FormatNumber(port))
	}
	return nil
}

var (
	backupWindows      = model.Expression(`^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$`)
	maintenanceWindows = model.Expression(
		`^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):([0-5]\d)-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):([0-5]\d)$`)
	weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
)

const minutesPerDay, minutesPerWeek = 24 * 60, 7 * 24 * 60

// databaseWindows holds the backup and the maintenance window to their form, half an hour each, apart from each other.
func databaseWindows(backup, maintenance string) model.Check {
	return func(c *model.Call) *world.Error {
		daily, weekly := c.String(backup), strings.ToLower(c.String(maintenance))
		from, to, ok := window(backupWindows(), daily, minutesPerDay)
		if daily != "" && (!ok || to-from < 30) {
			// unverified text
			return world.Fail("InvalidParameterValue",
				"Invalid backup window: %s. It must have the form hh24:mi-hh24:mi and last at least 30 minutes.", daily)
		}
		start, end, ok := window(maintenanceWindows(), weekly, minutesPerWeek)
		if weekly != "" && (!ok || end-start < 30) {
			// unverified text
			return world.Fail("InvalidParameterValue",
				"Invalid maintenance window: %s. It must have the form ddd:hh24:mi-ddd:hh24:mi and last at least 30 minutes.", weekly)
		}
		if daily == "" || weekly == "" {
			return nil
		}
		for day := -1; day <= 8; day++ {
			if begin := day*minutesPerDay + from; begin < end && start < begin+to-from {
				return world.Fail("InvalidParameterCombination", "The backup window and maintenance window must not overlap.") // unverified text
			}
		}
		return nil
	}
}

// window turns a window into minutes since midnight or since Monday; one that ends before it begins ends in the next round.
func window(form *regexp.Regexp, text string, round int) (from, to int, ok bool) {
	parts := form.FindStringSubmatch(text)
	if parts == nil {
		return 0, 0, false
	}
	half := (len(parts) - 1) / 2
	from, to = minutes(parts[1:1+half]), minutes(parts[1+half:])
	if to <= from {
		to += round
	}
	return from, to, true
}

func minutes(parts []string) int {
	total := 0
	if len(parts) == 3 {
		total, parts = slices.Index(weekdays, parts[0])*minutesPerDay, parts[1:]
	}
	hour, _ := strconv.Atoi(parts[0]) // the expression admits digits alone
	minute, _ := strconv.Atoi(parts[1])
	return total + hour*60 + minute
}

// databaseNetwork holds the security groups to the VPC of the subnet group.
func databaseNetwork(c *model.Call) *world.Error {
	group := c.Find("aws_db_subnet_group", c.String("db_subnet_group_name"))
	if group == nil {
		return nil
	}
	for _, id := range c.Strings("vpc_security_group_ids") {
		if own := group.String("vpc_id"); c.VPCOf(id) != own {
			return world.Fail("InvalidParameterCombination",
				"The DB instance and EC2 security group are in different VPCs. The DB instance is in %s and the EC2 security group is in %s",
				own, c.VPCOf(id))
		}
	}
	return nil
}

// databaseKey refuses KMS keys that do not exist; a key may be given by ARN, by id, or by alias.
func databaseKey(path string) model.Check {
	return func(c *model.Call) *world.Error {
		if key := c.String(path); key != "" && c.Changed(path) && !kms.KeyExists(c, key) {
			return keyNotAccessible(key)
		}
		return nil
	}
}

func keyNotAccessible(key string) *world.Error {
	return world.Fail("KMSKeyNotAccessibleFault",
		"Specified KMS key [%s] does not exist, is not enabled or you do not have permissions to access it.", key)
}

// databaseMonitoring holds enhanced monitoring and Performance Insights to what goes together.
func databaseMonitoring(c *model.Call) *world.Error {
	interval, _ := c.Number("monitoring_interval")
	role := c.String("monitoring_role_arn")
	switch {
	case !slices.Contains([]float64{0, 1, 5, 10, 15, 30, 60}, interval):
		// unverified text
		return world.Fail("InvalidParameterValue", "Invalid monitoring interval: %s. It must be one of 0, 1, 5, 10, 15, 30, 60.",
			model.FormatNumber(interval))
	case interval > 0 && role == "":
		return world.Fail("InvalidParameterCombination",
			"A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.")
	case interval > 0:
		if found := c.FindBy("aws_iam_role", "arn", role); found == nil || !principal.Trusts(found, "monitoring.rds.amazonaws.com") {
			return world.Fail("InvalidParameterValue",
				"IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING")
		}
	}
	days, given := c.Number("performance_insights_retention_period")
	if given && days != 0 && days != 7 && days != 731 && (int(days)%31 != 0 || days > 23*31) {
		// unverified text
		return world.Fail("InvalidParameterValue",
			"Invalid Performance Insights retention period: %s. It must be 7, 731 or a number of months of 31 days.", model.FormatNumber(days))
	}
	if c.String("database_insights_mode") == "advanced" && (!c.Bool("performance_insights_enabled") || days < 31) {
		return world.Fail("InvalidParameterCombination",
			"You can't enable the Advanced mode of Database Insights until you enable Performance Insights and set the retention period for "+
				"Performance Insights to at least 31 days.")
	}
	return nil
}

// databaseSuffix is the domain of the account's databases in a region.
func databaseSuffix(c *model.Call) string {
	return "c" + c.World.Digest(11, c.Account, c.Region, "rds") + "." + c.Region + ".rds." + facts.DNSSuffix(c.Region)
}

// databaseZone stands for the Route 53 zone of RDS in the region; no table of the real ones is published.
func databaseZone(c *model.Call) string {
	return "Z" + strings.ToUpper(c.World.Digest(13, c.Region, "rds-zone"))
}

// defaultGroupOf is the default group of the VPC that the subnet group is in.
func defaultGroupOf(c *model.Call) []any {
	group := c.Find("aws_db_subnet_group", c.String("db_subnet_group_name"))
	if group == nil {
		return []any{}
	}
	if vpc := c.Find("aws_vpc", group.String("vpc_id")); vpc != nil {
		return []any{vpc.String("default_security_group_id")}
	}
	return []any{}
}

// databaseDefaultKey is the key of encrypted storage for which none is named.
func databaseDefaultKey(c *model.Call) string {
	if c.Bool("storage_encrypted") {
		return kms.ManagedKey(c, "rds")
	}
	return ""
}

// fillMasterSecret makes the secret in which RDS keeps the master password, named as RDS names it (rds!cluster-<uuid>). kind is cluster or
// db.
func fillMasterSecret(c *model.Call, kind, userAttribute string) {
	if !c.Bool("manage_master_user_password") {
		c.Set("master_user_secret", []any{})
		c.Set("master_user_secret_kms_key_id", "")
		return
	}
	c.Set("master_user_secret_kms_key_id", kms.ManagedKey(c, "secretsmanager"))
	key := c.String("master_user_secret_kms_key_id")
	name := "rds!" + kind + "-" + c.UUID("secret")
	arn := c.ARN("secretsmanager", "secret:"+name+"-"+c.Hex(6, "secret"))
	c.Set("master_user_secret", []any{world.Object{"kms_key_id": key, "secret_arn": arn, "secret_status": "active"}})
	if c.Creating() || c.Changed("manage_master_user_password") {
		makeMasterSecret(c, name, arn, key, kind, c.String(userAttribute))
	}
}

// makeMasterSecret makes the secret and a value in it, with a password that opens nothing.
func makeMasterSecret(c *model.Call, name, arn, key, kind, user string) {
	c.Make("aws_secretsmanager_secret", arn, world.Object{
		"name": name, "name_prefix": "", "arn": arn, "kms_key_id": key, "region": c.Region, "replica": []any{}, "policy": "",
		"description": "Secret associated with primary RDS DB " + kind + ": " + c.ARN("rds", kind+":"+c.ID), "recovery_window_in_days": 0.0,
		"tags": world.Object{}, "tags_all": world.Object{"aws:rds:primaryUser": user},
	})
	version := c.UUID("secret-version")
	c.Make("aws_secretsmanager_secret_version", arn+"|"+version, world.Object{
		"arn": arn, "secret_arn": arn, "secret_id": arn, "version_id": version, "version_stages": []any{"AWSCURRENT"}, "region": c.Region,
		"secret_string": fmt.Sprintf(`{"username":%q,"password":%q}`, user, c.Hex(28, "password")), "has_secret_string_wo": false,
	})
}

// makeDatabaseLogs makes the log groups of exported logs where the user did not: without encryption, kept for ever. kind is cluster or
// instance.
func makeDatabaseLogs(c *model.Call, kind, name string) {
	for _, log := range c.Strings("enabled_cloudwatch_logs_exports") {
		group := "/aws/rds/" + kind + "/" + name + "/" + log
		if c.Find("aws_cloudwatch_log_group", group) == nil {
			c.Make("aws_cloudwatch_log_group", group, world.Object{
				"name": group, "arn": c.ARN("logs", "log-group:"+group), "retention_in_days": 0.0, "log_group_class": "STANDARD", "region": c.Region,
			})
		}
	}
}

// deletionProtection refuses to delete what is protected.
func deletionProtection(c *model.Call) *world.Error {
	switch {
	case !c.Bool("deletion_protection"):
		return nil
	case c.Self.Type == "aws_rds_cluster":
		return world.Fail("InvalidParameterCombination", "Cannot delete protected Cluster, please disable deletion protection and try again.")
	default:
		return world.Fail("InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection and try again.")
	}
}

// databaseLaunch is what a database instance starts in the zone that it is told to be in.
func databaseLaunch(c *model.Call) model.Launch {
	return launchDatabase(c.Strings("availability_zone"))
}

// launchDatabase is the launch of one database instance in one of some zones.
func launchDatabase(zones []string) model.Launch {
	return model.Launch{Zones: zones, Now: 1, Most: 1, NoRoom: func() *world.Error {
		// text unverified
		return world.Fail("InsufficientDBInstanceCapacity",
			"Cannot create a database instance because there are not enough resources available in the requested Availability Zone (%s).",
			strings.Join(zones, ", "))
	}}
}
