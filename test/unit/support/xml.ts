/** Whether every element of XML is closed in its order, and no text holds what begins one. */
export function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(/^<\?xml[^?]*\?>/, "").replace(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g, (_tag, end: string, name: string, _attributes, alone: string) => {
    if (end) return open.pop() === name ? "" : "<";
    if (!alone) open.push(name);
    return "";
  });
  return open.length === 0 && !/[<>]/.test(rest) && !/&(?!(?:amp|lt|gt|quot);)/.test(rest);
}
