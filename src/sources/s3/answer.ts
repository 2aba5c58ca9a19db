/** Answers of a store in XML. */
import { parseXml, XmlElement } from '@rgrove/parse-xml';

/** The outermost element; null if the text is no XML. */
export function xmlRoot(text: string): XmlElement | null {
  try {
    return parseXml(text).root;
  } catch {
    return null;
  }
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => child instanceof XmlElement && child.name === name,
  );
}

/** Text of the first element of this name; empty if there is none. */
export function textIn(element: XmlElement, name: string): string {
  return childrenOf(element, name)[0]?.text ?? '';
}
