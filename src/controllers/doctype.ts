// DocType: definitions that were loaded from files are changed in their files, not over REST.
import type { Controller, DraftDoc } from '../documents/controller.ts';
import type { Registry } from '../doctypes/registry.ts';
import { ValidationError } from '../errors/errors.ts';

export function createDocTypeController(registry: Registry): Controller {
  const assertNotFromFile = (doc: DraftDoc): void => {
    const meta = registry.find(String(doc.name));
    if (meta) throw new ValidationError(`DocType ${meta.name} is defined by a file; change the file instead`);
  };
  return {
    validate: assertNotFromFile,
    on_trash: assertNotFromFile,
    before_rename: assertNotFromFile,
    after_insert(doc, { call }) {
      call.messages.push({
        message: `DocType ${String(doc.name)} is kept as a document; put its JSON file into a DocType folder to serve it`,
        indicator: 'orange',
      });
    },
  };
}
