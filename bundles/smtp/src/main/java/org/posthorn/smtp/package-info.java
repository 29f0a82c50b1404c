/** SMTP, submission and LMTP: how mail comes in. */
package org.posthorn.smtp;
