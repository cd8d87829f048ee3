// Real exported files, kept outside the project: the folder may be absent, and says so then.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDocTypes } from '../../../src/doctypes/load.ts';
import { fieldType } from '../../../src/doctypes/fieldtypes/index.ts';
import { collectionSpecs } from '../../../src/documents/collection-specs.ts';
import { CORE } from './folder.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../../shared/data/frappe-doctypes');

describe.skipIf(!existsSync(FOLDER))(
  `exported files of the Frappe Framework (skipped where ${path.basename(FOLDER)} is absent)`,
  () => {
    it('all load unmodified', async () => {
      const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'));
      const { registry } = await loadDocTypes({ core: CORE, paths: [FOLDER] });
      const loaded = registry.all.filter(({ source }) => source.startsWith(FOLDER));
      expect(loaded).toHaveLength(files.length);
    });

    it('have validators that compile and pass an empty document, and defaults that can be stored', async () => {
      const { registry } = await loadDocTypes({ core: CORE, paths: [FOLDER] });
      for (const meta of registry.all) {
        expect(meta.validate({ name: 'x' }), meta.name).toEqual([]);
        for (const field of meta.fields) {
          const word = field.default;
          if (word === null || /^(?:__user|now|today|:.*)$/i.test(String(word))) continue;
          expect(fieldType(field).cast(word, field), `${meta.name}.${field.fieldname}`).toHaveProperty(
            'value',
          );
        }
      }
    });

    it('need few indexes', async () => {
      const { registry } = await loadDocTypes({ core: CORE, paths: [FOLDER] });
      const counts = collectionSpecs(registry).map(
        ({ indexes, elementIndexes }) => indexes.length + elementIndexes.length,
      );
      expect(Math.max(...counts)).toBeLessThan(25);
    });
  },
);
