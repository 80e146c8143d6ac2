import { acknowledgement, answersToAKnownNumber, outOfOffice, supportDesk } from './answering';
import {
	approvalByMail,
	forwardToAColleague,
	invoicesByAttachment,
	largeMailsAside,
	markedByAColleague,
	testMode,
} from './handling';
import type { Proof } from './proof';
import { bounces, calendarInvitations } from './reading';
import { severalAddresses, sortByKind, suspiciousMail, vipCustomersByCompany } from './sorting';

/** One row per file of `examples/`. */
export const proofs: Readonly<Record<string, Proof>> = {
	acknowledgement,
	'answers-to-a-known-number': answersToAKnownNumber,
	'approval-by-mail': approvalByMail,
	bounces,
	'calendar-invitations': calendarInvitations,
	'forward-to-a-colleague': forwardToAColleague,
	'invoices-by-attachment': invoicesByAttachment,
	'large-mails-aside': largeMailsAside,
	'marked-by-a-colleague': markedByAColleague,
	'out-of-office': outOfOffice,
	'several-addresses': severalAddresses,
	'sort-by-kind': sortByKind,
	'support-desk': supportDesk,
	'suspicious-mail': suspiciousMail,
	'test-mode': testMode,
	'vip-customers-by-company': vipCustomersByCompany,
};
