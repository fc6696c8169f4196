# SR-Small: one zone, for a first look.
# Ten people, one database writer; not for production.
#
# Everything below can be changed.

# Where it runs.
region = "us-east-1" # the nearest one
domain = "coder.example.com"

# The database.
database = {
  min_acu = 0.5 # idle cost
  max_acu = 4
}
