import { type Html, html } from './html.ts';

/** A whole page: `head` is what its head has beside title and style sheet. */
export function documentText(page: { title: Html; style: string; head?: Html | undefined; body: Html }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${page.style}">${page.head}
</head>
<body>
${page.body}
</body>
</html>
`.text;
}
