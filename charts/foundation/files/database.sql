-- Makes coderd's user, who signs in with IAM and has no password. Each statement may be repeated: this runs at every installation and
-- upgrade of the chart.

SELECT format('CREATE ROLE %I LOGIN', :'user')
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'user')
\gexec

GRANT rds_iam TO :"user";

-- coderd makes its tables by itself. It does not own the database: to change the owner, the master user would have to become a member
-- of this role and so of rds_iam, and could sign in with its password no more.
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO :"user";
GRANT USAGE, CREATE ON SCHEMA public TO :"user";
