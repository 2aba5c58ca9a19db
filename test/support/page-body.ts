/** The body of a page, a tag a line, without programs and styles. */
export function body(page: string): string {
  return page
    .replace(/[\s\S]*<body[^>]*>/, '')
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll(/(?=<)/g, '\n')
    .replaceAll(/\n{2,}/g, '\n');
}
