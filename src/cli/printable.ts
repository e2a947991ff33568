/** Text from files and answers, made safe for a terminal: characters that would move its cursor or change its colours become `\ufffd`. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}

/** The same for text with our own colours: colour codes stay, whoever wrote them. */
export function printableInColour(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replaceAll(/(\u001b\[[\d;]*m)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (_, colour?: string) => colour ?? '\ufffd')
}
