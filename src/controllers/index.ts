// The table of built-in controllers: behaviour of core DocTypes that their definitions cannot say.
import type { Passwords } from '../auth/password.ts';
import type { Controllers } from '../documents/controller.ts';
import { createUserController } from './user.ts';

export interface BuiltInServices {
  readonly passwords: Passwords;
}

export const builtInControllers = ({ passwords }: BuiltInServices): Controllers =>
  new Map([['User', createUserController(passwords)]]);
