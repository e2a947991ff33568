const PERIODS = { hour: 'hourly', week: 'weekly', day: 'daily', month: 'monthly' } as const

/** A budget in words, by the name of its scope: `profile:code/week@2026-11-16` is "the weekly budget of profile code". */
export function budgetName(scope: string): string {
  const [, kind = scope, own = '', of, date] = /^(\w+)(?::(.*?))?(?:\/(h\d+|week))?(?:@(\d{4}-\d{2}(?:-\d{2})?))?$/s.exec(scope) ?? []
  const period = date === undefined ? null : of === 'week' ? 'week' : of !== undefined ? 'hour' : date.length === 10 ? 'day' : 'month'
  const whose = kind === 'total' ? '' : ` of ${kind} ${own}`
  return `the ${period === null ? '' : `${PERIODS[period]} `}budget${whose}`
}
