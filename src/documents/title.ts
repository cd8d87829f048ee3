// A title field may have a template such as `{customer} · {status}` as its default; it is filled in on save.
import type { Draft } from './draft.ts';
import { textOf } from './draft.ts';

export function fillTitle({ meta, doc }: Draft): void {
  const field = meta.fieldsByName.get(meta.titleField);
  const template = field?.default;
  if (!field || typeof template !== 'string' || !template.includes('{')) return;
  const current = textOf(doc[field.fieldname]);
  if (current !== '' && current !== template) return;
  doc[field.fieldname] = template.replace(/\{(\w+)\}/g, (_, fieldname: string) => textOf(doc[fieldname]));
}
