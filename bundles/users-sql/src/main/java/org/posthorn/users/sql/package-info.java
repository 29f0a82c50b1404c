/** Domains, users and aliases in the database. */
package org.posthorn.users.sql;
