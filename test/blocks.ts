/** One fenced block of a document. */
export interface Block {
  /** line of its first row of text */
  line: number;
  language: string;
  /** words after the language */
  words: string[];
  text: string;
}

const FENCE = /^( *)```([a-z]*)([^\n`]*)$/;

/** The fenced blocks of a Markdown text, those inside lists too, without their indentation. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: (Block & { indent: number }) | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = FENCE.exec(line);
    if (open && /^ *```\s*$/.test(line)) {
      blocks.push({ line: open.line, language: open.language, words: open.words, text: open.text });
      open = undefined;
    } else if (open) open.text += `${line.slice(Math.min(open.indent, line.length - line.trimStart().length))}\n`;
    else if (fence) {
      const [, indent = '', language = '', words = ''] = fence;
      open = { line: index + 2, language, words: words.split(' ').filter(Boolean), text: '', indent: indent.length };
    }
  }
  return blocks;
}
