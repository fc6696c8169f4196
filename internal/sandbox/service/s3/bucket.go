// Package s3 declares Amazon S3: buckets, their settings and objects. Beside the model it imports iampolicy and kms; the catalog
// imports it.
//
// Rules: API model (botocore); messages: moto and responses recorded from real accounts (LocalStack), unless marked unverified.
package s3

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

const api = "S3"

// Types are the resource types of the service.
func Types() []*model.Type {
	types := []*model.Type{bucket(), bucketObject()}
	return append(types, bucketSettings()...)
}

func bucket() *model.Type {
	return &model.Type{
		Name: "aws_s3_bucket", API: api, Noun: "S3 Bucket",
		CreateCall: "CreateBucket", UpdateCall: "PutBucketTagging", DeleteCall: "DeleteBucket",
		Identify: func(c *model.Call) string { return c.Name("bucket", "bucket_prefix") },
		Checks:   []model.Check{bucketName, bucketTaken},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-DC2B2D3D", Service: "s3", Name: "General purpose buckets", Default: 10000},
			Exceeded: func() *world.Error {
				return world.Fail("TooManyBuckets", "You have attempted to create more buckets than allowed")
			},
		}},
		Parts:        bucketParts(),
		Fill:         fillBucket,
		BeforeDelete: []model.Check{bucketEmpty},
		Latency: model.Latency{Create: model.Seconds(2, 1, 3), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 60),
			Source: "logs of real deployments; a full bucket is emptied first"},
	}
}

var bucketNames = model.Expression(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// bucketName holds a bucket to the names that S3 takes; the reserved prefixes and suffixes are from the AWS documentation.
func bucketName(c *model.Call) *world.Error {
	name := c.Name("bucket", "bucket_prefix")
	_, noAddress := netip.ParseAddr(name)
	valid := bucketNames().MatchString(name) && !strings.Contains(name, "..") && noAddress != nil
	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		valid = valid && !strings.HasPrefix(name, prefix)
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		valid = valid && !strings.HasSuffix(name, suffix)
	}
	if !valid {
		return world.Fail("InvalidBucketName", "The specified bucket is not valid.")
	}
	return nil
}

// bucketTaken refuses a name that any account has in any region of the partition.
func bucketTaken(c *model.Call) *world.Error {
	if !c.Creating() {
		return nil
	}
	for _, other := range c.World.List(func(r *world.Resource) bool { return r.Type == "aws_s3_bucket" }) {
		switch {
		case other.ID != c.String("bucket") || facts.Partition(other.Region) != c.Partition():
		case other.Account == c.Account:
			return world.Conflict("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
		default:
			return world.Conflict("BucketAlreadyExists",
				"The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different "+
					"name and try again")
		}
	}
	return nil
}

// bucketZones are the Route 53 zones of S3's website endpoints, by region (AWS documentation).
var bucketZones = map[string]string{
	"us-east-1": "Z3AQBSTGFYJSTF", "us-east-2": "Z2O1EMRO9K5GLX", "us-west-1": "Z2F56UZL2M1ACD", "us-west-2": "Z3BJ6K6RIION7M",
	"ap-south-1": "Z11RGJOFQNVJUP", "ap-northeast-1": "Z2M4EHUR26P7ZW", "ap-northeast-2": "Z3W03O7B5YMIYP", "ap-southeast-1": "Z3O0J2DXBE1FTB",
	"ap-southeast-2": "Z1WCIGYICN2BYD", "ca-central-1": "Z1QDHH18159H29", "eu-central-1": "Z21DNDUVLTQW6Q", "eu-west-1": "Z1BKCTXD74EZPE",
	"eu-west-2": "Z3GKZC51ZF0DB4", "eu-west-3": "Z3R1K369G5AVDG", "eu-north-1": "Z3BAZG2TWCNX0D", "sa-east-1": "Z7KQH4QJS55SO",
	"us-gov-west-1": "Z31GFT0UA1I2HV", "us-gov-east-1": "Z2NIFVYYW2VKV1",
}

func fillBucket(c *model.Call) {
	suffix := facts.DNSSuffix(c.Region)
	c.Set("bucket_prefix", "")
	c.Set("bucket_namespace", "global")
	c.Set("arn", "arn:"+c.Partition()+":s3:::"+c.ID)
	c.Set("bucket_domain_name", c.ID+".s3."+suffix)
	c.Set("bucket_region", c.Region)
	c.Set("bucket_regional_domain_name", c.ID+".s3."+c.Region+"."+suffix)
	zone := bucketZones[c.Region]
	c.Set("hosted_zone_id", zone)
	c.Set("object_lock_enabled", false)
	c.SetEach("", "website_domain", "website_endpoint")
	c.Set("acl", nil)
	c.Set("grant", []any{world.Object{"id": canonicalUser(c), "type": "CanonicalUser", "permissions": []any{"FULL_CONTROL"}, "uri": ""}})
	for i, rule := range c.Blocks("lifecycle_rule") {
		if model.IsUnknown(rule["id"]) {
			rule["id"] = "tf-s3-lifecycle-" + c.Hex(26, "lifecycle", strconv.Itoa(i))
		}
	}
}

// canonicalUser is the account's id in S3's access lists.
func canonicalUser(c *model.Call) string { return c.World.Digest(64, c.Account, "canonical") }

// bucketEmpty refuses to delete a bucket with objects, unless Terraform empties it first.
func bucketEmpty(c *model.Call) *world.Error {
	if c.Bool("force_destroy") {
		return nil
	}
	for _, object := range c.All("aws_s3_object") {
		if object.String("bucket") == c.ID {
			return world.Conflict("BucketNotEmpty", "The bucket you tried to delete is not empty")
		}
	}
	return nil
}

// bucketReference is the argument that names a setting's bucket.
func bucketReference() model.Reference {
	return model.Reference{Path: "bucket", To: []string{"aws_s3_bucket"}, Inside: true, Missing: bucketMissing}
}

func bucketMissing(string) *world.Error {
	return world.NotFound("NoSuchBucket", "The specified bucket does not exist")
}

func bucketObject() *model.Type {
	return &model.Type{
		Name: "aws_s3_object", API: api, Noun: "S3 Object",
		CreateCall: "PutObject", UpdateCall: "PutObject", DeleteCall: "DeleteObject",
		Identify:   func(c *model.Call) string { return strings.TrimPrefix(c.String("key"), "/") },
		Scope:      []string{"bucket"},
		References: []model.Reference{bucketReference()},
		Checks:     []model.Check{model.Length("InvalidArgument", "key", "key", 1, 1024), objectKey},
		Replace:    model.ReplacedBy("bucket", "key"),
		Recompute:  map[string][]string{"etag": contentArguments, "version_id": contentArguments},
		Fill: func(c *model.Call) {
			c.Set("arn", "arn:"+c.Partition()+":s3:::"+c.String("bucket")+"/"+c.ID)
			c.Set("content_type", "application/octet-stream")
			c.Set("etag", contentDigest(c))
			c.Set("storage_class", "STANDARD")
			algorithm := "AES256"
			if c.String("kms_key_id") != "" {
				algorithm = "aws:kms"
			}
			c.Set("server_side_encryption", algorithm)
			c.Set("bucket_key_enabled", false)
			version := ""
			if found := c.Find("aws_s3_bucket_versioning", c.String("bucket")); found != nil &&
				model.At(found.Attributes, "versioning_configuration.status") == "Enabled" {
				version = c.Hex(32, "version", c.String("etag"))
			}
			c.Set("version_id", version)
			c.Set("acl", nil)
			c.SetEach("", "kms_key_id", "checksum_crc32", "checksum_crc32c", "checksum_crc64nvme", "checksum_sha1", "checksum_sha256")
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// contentArguments give an object its content.
var contentArguments = []string{"content", "content_base64", "source", "source_hash", "etag"}

// contentDigest is an object's entity tag: the MD5 sum of what is known of its content. The sandbox opens no file, so that of a source is
// made up.
func contentDigest(c *model.Call) string {
	content := []byte(c.String("content"))
	if encoded := c.String("content_base64"); encoded != "" {
		if decoded, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			content = decoded
		}
	}
	if source := c.String("source"); source != "" {
		return c.World.Digest(32, "etag", source, c.String("source_hash"))
	}
	sum := md5.Sum(content)
	return hex.EncodeToString(sum[:])
}

func objectKey(c *model.Call) *world.Error {
	if key := c.String("kms_key_id"); key != "" && !kms.KeyExists(c, key) {
		return world.Fail("KMS.NotFoundException", "Invalid keyId %s", key)
	}
	return nil
}

// DataSources declares what Terraform reads about buckets.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_s3_bucket", API: api, Noun: "S3 Bucket", Call: "HeadBucket", Read: readBucket},
		{Name: "aws_canonical_user_id", API: api, Noun: "S3 Canonical User ID", Call: "ListBuckets", Read: func(c *model.Call) *world.Error {
			c.Force("id", canonicalUser(c))
			c.Set("display_name", "")
			return nil
		}},
		{Name: "aws_s3_object", API: api, Noun: "S3 Object", Call: "HeadObject", Read: readObject},
	}
}

func readBucket(c *model.Call) *world.Error {
	name := c.String("bucket")
	found := c.Find("aws_s3_bucket", name)
	if found == nil {
		return &world.Error{Message: "reading S3 Bucket (" + name + "): couldn't find resource"}
	}
	model.CopyAttributes(c, found)
	return nil
}

func readObject(c *model.Call) *world.Error {
	bucket, key := c.String("bucket"), strings.TrimPrefix(c.String("key"), "/")
	found := c.Find("aws_s3_object", bucket+"/"+key)
	if found == nil {
		return &world.Error{Message: "reading S3 Bucket (" + bucket + ") Object (" + key + "): couldn't find resource"}
	}
	model.CopyAttributes(c, found)
	text := found.String("content")
	c.Force("body", text)
	c.Force("content_length", float64(len(text)))
	c.Set("last_modified", c.World.Now().Format(time.RFC1123))
	c.SetEach("", "cache_control", "content_disposition", "content_encoding", "content_language", "expiration", "expires",
		"object_lock_legal_hold_status",
		"object_lock_mode", "object_lock_retain_until_date", "website_redirect_location", "sse_kms_key_id")
	c.Force("id", bucket+"/"+key)
	return nil
}
