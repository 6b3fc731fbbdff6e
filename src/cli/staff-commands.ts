import { type Command, Option } from 'commander';
import { handOutAccount, handOutPassword, newPassword } from '../access/hand-out-account.js';
import { Passwords } from '../access/passwords.js';
import { carryOut, type Surroundings } from './carry-out.js';

const rolesOfPeople = ['ADMIN', 'MANAGER', 'STAFF', 'CAREGIVER', 'COURIER', 'FINANCE', 'AUDITOR'];

/** The passwords are made here: one that is typed into a command line stays in its history. */
export function addStaffCommands(staff: Command, surroundings: Surroundings): void {
  staff
    .command('create')
    .description('open an account for a person, and show a password for the first sign-in')
    .addOption(
      new Option('--role <role>', 'what the person may do').choices(rolesOfPeople).makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'the name of the person')
    .requiredOption('--user-name <name>', 'what the person will sign in with')
    .option('--facility <code>', "the facility's code; without it, everywhere, for ADMIN only")
    .action(async ({ facility: facilityCode = null, role, name, userName }) => {
      const password = newPassword();
      const passwordHash = await new Passwords().hash(password);
      const opened = await carryOut(surroundings, (manager, now) =>
        handOutAccount(manager, { facilityCode, role, name, userName, passwordHash, now }),
      );
      showPassword({ ...opened, password }, surroundings);
    });

  staff
    .command('reset-password')
    .description('show a password for one sign-in of a person who forgot theirs, and end the sessions')
    .requiredOption('--user-name <name>', 'what the person signs in with')
    .option('--remove-totp', 'the phone is lost: one-time codes are set up anew', false)
    .action(async ({ userName, removeTotp }) => {
      const password = newPassword();
      const passwordHash = await new Passwords().hash(password);
      const reset = await carryOut(surroundings, (manager, now) =>
        handOutPassword(manager, { userName, passwordHash, removeTotp, now }),
      );
      showPassword({ ...reset, password }, surroundings);
    });
}

function showPassword(
  { accountId, userName, password }: { accountId: number; userName: string; password: string },
  { print }: Surroundings,
): void {
  print(`Number:    ${accountId}\nUser name: ${userName}\nPassword:  ${password}\n`);
  print('It opens nothing until the person has changed it. 首次登录后须修改密码。\n');
}
