# Windows of one time zone that overlap: the first stop would take the nodes of the other. Windows by the day of the month or in some
# months only are not compared, nor what lies past midnight.
locals {
  weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  spans = {
    for window, times in try(var.schedule.windows, {}) : window => {
      timezone = times.timezone
      start    = 60 * tonumber(split(" ", times.start_time)[1]) + tonumber(split(" ", times.start_time)[0])
      stop     = 60 * tonumber(split(" ", times.stop_time)[1]) + tonumber(split(" ", times.stop_time)[0])
      days = flatten([
        for part in split(",", replace(split(" ", times.start_time)[4], "*", "SUN-SAT")) : try(
          slice(local.weekdays, index(local.weekdays, split("-", part)[0]), index(local.weekdays, reverse(split("-", part))[0]) + 1),
          [],
        )
      ])
    } if split(" ", times.start_time)[2] == "*" && split(" ", times.start_time)[3] == "*"
  }

  overlaps = [
    for pair in setproduct(keys(local.spans), keys(local.spans)) : "${pair[0]} and ${pair[1]}"
    if index(keys(local.spans), pair[0]) < index(keys(local.spans), pair[1])
    && local.spans[pair[0]].timezone == local.spans[pair[1]].timezone
    && length(setintersection(local.spans[pair[0]].days, local.spans[pair[1]].days)) > 0
    && local.spans[pair[0]].start < (local.spans[pair[1]].stop > local.spans[pair[1]].start ? local.spans[pair[1]].stop : 1440)
    && local.spans[pair[1]].start < (local.spans[pair[0]].stop > local.spans[pair[0]].start ? local.spans[pair[0]].stop : 1440)
  ]
}
