/** The way in: judges mail, asks where it goes, makes it safe, and gives it to the queue. */
package org.posthorn.intake;
