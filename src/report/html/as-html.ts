/** Text as HTML, wherever it came from: model names, rules and tags are other people's words. */
export function asHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
