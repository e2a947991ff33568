/** The id of a call in no more than `longest` characters: its beginning and its end, which tell ids of one conversation apart. */
export function fitCallId(id: string, longest: number): string {
  return id.length <= longest ? id : `${id.slice(0, longest / 2 - 1)}_${id.slice(-longest / 2)}`
}
