// Holds the compiled DocTypes and what can be asked across them. Loading is load.ts; this file does no I/O.
import { DoesNotExistError } from '../errors/errors.ts';
import type { Field, Meta } from './meta.ts';

/** A field, anywhere, that points at a DocType. */
export interface LinkSource {
  readonly meta: Meta;
  /** The Table field through which the link is reached, for links in child rows. */
  readonly table: Field | undefined;
  readonly field: Field;
}

export interface Registry {
  /** @throws DoesNotExistError */
  get(doctype: string): Meta;
  find(doctype: string): Meta | undefined;
  readonly all: readonly Meta[];
  /** Every Link field whose target is `doctype`, in stored DocTypes and (through their parents) child tables. */
  linksTo(doctype: string): readonly LinkSource[];
  /** Every Dynamic Link field. */
  readonly dynamicLinks: readonly LinkSource[];
  /** Parents that hold rows of a child DocType. */
  parentsOf(childDoctype: string): readonly { readonly meta: Meta; readonly table: Field }[];
}

export function createRegistry(metas: readonly Meta[]): Registry {
  const byName = new Map(metas.map((meta) => [meta.name, meta]));
  const links = new Map<string, LinkSource[]>();
  const dynamicLinks: LinkSource[] = [];
  const parents = new Map<string, { meta: Meta; table: Field }[]>();

  const note = (source: LinkSource): void => {
    if (source.field.fieldtype === 'Dynamic Link') dynamicLinks.push(source);
    if (source.field.fieldtype !== 'Link') return;
    const known = links.get(source.field.options);
    if (known) known.push(source);
    else links.set(source.field.options, [source]);
  };

  for (const meta of metas) {
    if (meta.isTable) continue;
    for (const field of meta.fields) note({ meta, table: undefined, field });
    for (const table of meta.tables) {
      const child = byName.get(table.options);
      if (!child) continue;
      parents.set(child.name, [...(parents.get(child.name) ?? []), { meta, table }]);
      for (const field of child.fields) note({ meta, table, field });
    }
  }

  const find = (doctype: string): Meta | undefined => byName.get(doctype);
  return {
    all: metas,
    dynamicLinks,
    find,
    get(doctype) {
      const meta = find(doctype);
      if (!meta)
        throw new DoesNotExistError(`DocType ${doctype} not found`, { details: { doctype: 'DocType' } });
      return meta;
    },
    linksTo: (doctype) => links.get(doctype) ?? [],
    parentsOf: (childDoctype) => parents.get(childDoctype) ?? [],
  };
}
