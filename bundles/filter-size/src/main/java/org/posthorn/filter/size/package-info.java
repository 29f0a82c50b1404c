/** Refuses mail that is too large. */
package org.posthorn.filter.size;
