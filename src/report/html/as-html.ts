/** Text escaped for HTML, wherever it came from: model names, rules and tags are foreign text. */
export function asHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
