// Takes scripts out of text that a browser may show as HTML. Text without markup is left as it is.
import sanitizeHtml from 'sanitize-html';
import type { Field } from '../doctypes/meta.ts';

/** Fieldtypes whose text is never shown as markup (reference §3.7, HTML sanitising). */
const EXEMPT: ReadonlySet<string> = new Set([
  'Code',
  'JSON',
  'Geolocation',
  'Attach',
  'Attach Image',
  'Barcode',
  'Password',
  'Signature',
]);
const MARKUP = /<[a-z!/?]/i;

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [
    ...sanitizeHtml.defaults.allowedTags,

    'img',
    'del',
    'ins',
    'font',
    'center',
    'video',
    'audio',
    'source',
    'picture',
    'input',
    'label',
    'button',
    'details',
    'summary',
    'svg',
    'path',
    'g',
    'circle',
    'rect',
    'line',
  ],
  allowedAttributes: {
    '*': [
      'class',
      'id',
      'style',
      'title',
      'align',
      'dir',
      'lang',
      'width',
      'height',
      'color',
      'face',
      'size',

      'colspan',
      'rowspan',
      'border',
      'cellpadding',
      'cellspacing',
      'role',
      'data-*',
      'aria-*',
      'name',
      'value',
    ],
    a: ['href', 'target', 'rel'],
    img: ['src', 'alt', 'srcset', 'loading'],
    source: ['src', 'srcset', 'type'],
    video: ['src', 'controls', 'poster'],
    audio: ['src', 'controls'],
    input: ['type', 'checked', 'disabled', 'placeholder'],
    svg: ['viewBox', 'fill', 'stroke', 'xmlns'],
    path: ['d', 'fill', 'stroke'],
  },
  allowedSchemesByTag: { img: ['http', 'https', 'data'] },
  disallowedTagsMode: 'escape',
};

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function sanitize(text: string, field: Field | undefined): string {
  if (!MARKUP.test(text)) return text;
  if (field && (EXEMPT.has(field.fieldtype) || field.ignoreXssFilter || field.options === 'Email'))
    return text;
  return isJson(text) ? text : sanitizeHtml(text, OPTIONS);
}
