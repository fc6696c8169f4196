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

-- Where the database was started with pgaudit: who changes roles and tables is logged. The extension comes first, or it cannot be made any
-- more (pgaudit's README); of every statement, as with "all", nobody could read the log.
SELECT 'CREATE EXTENSION IF NOT EXISTS pgaudit'
WHERE current_setting('shared_preload_libraries') LIKE '%pgaudit%'
\gexec

SELECT format('ALTER DATABASE %I SET pgaudit.log = %L', :'database', 'ddl, role')
WHERE current_setting('shared_preload_libraries') LIKE '%pgaudit%'
\gexec
