// Adds to a definition the fields Frappe gives every DocType of its sort. Judges nothing.
import type { JsonObject } from '../util/json.ts';
import { type Definition, fieldsOf } from './definition.ts';
import { withFields } from './dialect.ts';
import { flag, slug, text } from './properties.ts';

/** The Link to the parent node. */
export const parentFieldOf = (definition: Definition): string =>
  text(definition.raw['nsm_parent_field']) || `parent_${slug(definition.name)}`;

/** Exports of old Frappe versions know trees only by the name of their parent field. */
export const isTree = (definition: Definition): boolean =>
  flag(definition.raw['is_tree']) ||
  (text(definition.raw['nsm_parent_field']) !== '' && has(definition, 'lft'));

const has = (definition: Definition, fieldname: string): boolean =>
  fieldsOf(definition).some((field) => field['fieldname'] === fieldname);

export function completed(definition: Definition): Definition {
  const wanted = [
    ...(flag(definition.raw['is_submittable']) ? [amendedFrom(definition)] : []),
    ...(isTree(definition) ? treeFields(definition) : []),
  ];
  return withFields(
    definition,
    wanted.filter((field) => !has(definition, text(field['fieldname']))),
  );
}

const amendedFrom = ({ name }: Definition): JsonObject => ({
  fieldname: 'amended_from',
  fieldtype: 'Link',
  label: 'Amended From',
  options: name,
  read_only: 1,
  no_copy: 1,
  print_hide: 1,
});

function treeFields(definition: Definition): JsonObject[] {
  const { name } = definition;
  const parent = parentFieldOf(definition);
  const hidden = { hidden: 1, no_copy: 1, print_hide: 1 };
  return [
    {
      fieldname: parent,
      fieldtype: 'Link',
      label: `Parent ${name}`,
      options: name,
      ignore_user_permissions: 1,
    },
    { fieldname: 'is_group', fieldtype: 'Check', label: 'Is Group' },
    { fieldname: 'lft', fieldtype: 'Int', label: 'Left', ...hidden },
    { fieldname: 'rgt', fieldtype: 'Int', label: 'Right', ...hidden },
    { fieldname: 'old_parent', fieldtype: 'Link', label: 'Old Parent', options: name, ...hidden },
  ];
}
