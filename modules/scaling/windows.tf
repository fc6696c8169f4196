# Where windows overlap, the first stop would take the nodes of the other. Hours of a week show it: a window is open from each start to
# the next stop. Windows by the day of the month or in some months only are not compared.
locals {
  weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  week_minutes = {
    for window, times in try(var.schedule.windows, {}) : window => {
      for edge, time in times : edge => flatten([
        for days in split(",", replace(split(" ", time)[4], "*", "SUN-SAT")) : [
          for day in range(index(local.weekdays, split("-", days)[0]), index(local.weekdays, reverse(split("-", days))[0]) + 1) :
          1440 * day + 60 * tonumber(split(" ", time)[1]) + tonumber(split(" ", time)[0])
        ]
      ])
    } if alltrue([for time in values(times) : split(" ", time)[2] == "*" && split(" ", time)[3] == "*"])
  }

  open = flatten([
    for window, minutes in local.week_minutes : [
      for start in minutes.start_time : {
        window = window
        from   = start
        to     = min([for stop in minutes.stop_time : stop > start ? stop : stop + 7 * 1440]...)
      }
    ]
  ])

  # The end of a week is the start of the next.
  overlaps = distinct(flatten([
    for one in local.open : [
      for other in local.open : "${one.window} and ${other.window}"
      if index(keys(local.week_minutes), one.window) < index(keys(local.week_minutes), other.window)
      && anytrue([for week in [-1, 0, 1] : one.from < other.to + week * 7 * 1440 && other.from + week * 7 * 1440 < one.to])
    ]
  ]))
}
